package io.garrison.tenancy.web;

import io.garrison.tenancy.FirstAdministrator;
import io.garrison.tenancy.Invitations;
import io.garrison.tenancy.PasswordResets;
import io.garrison.tenancy.SignIn;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.time.Instant;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** How people come in. All but signing out is open to everybody. */
@RestController
@RequestMapping("/api/v1")
class AuthController {

    private final SignIn signIn;
    private final Invitations invitations;
    private final PasswordResets resets;
    private final FirstAdministrator firstAdministrator;

    AuthController(
            SignIn signIn, Invitations invitations, PasswordResets resets, FirstAdministrator firstAdministrator) {
        this.signIn = signIn;
        this.invitations = invitations;
        this.resets = resets;
        this.firstAdministrator = firstAdministrator;
    }

    @PostMapping("/auth/token")
    ResponseEntity<Token> token(@RequestBody @Valid Credentials credentials) {
        var issued = signIn.issue(credentials.username(), credentials.password());
        return ResponseEntity.ok()
                .cacheControl(CacheControl.noStore())
                .body(new Token(issued.token(), "Bearer", issued.expiresAt()));
    }

    /** Ends the token that is sent; an API key is ended by deleting it. */
    @PostMapping("/auth/logout")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void logout(@RequestHeader(HttpHeaders.AUTHORIZATION) String authorization) {
        signIn.revoke(authorization.substring("Bearer ".length()).strip());
    }

    @PostMapping("/invitations/accept")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void accept(@RequestBody @Valid Acceptance acceptance) {
        invitations.accept(acceptance.token(), acceptance.password());
    }

    /** Sets a new password by the link of POST …/members/{id}/password-reset. */
    @PostMapping("/password-resets")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void reset(@RequestBody @Valid Acceptance acceptance) {
        resets.redeem(acceptance.token(), acceptance.password());
    }

    @PostMapping("/setup")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void setUp(@RequestBody @Valid Setup setup) {
        firstAdministrator.redeem(setup.token(), setup.email(), setup.password());
    }

    record Credentials(
            @NotNull @Size(max = 300) String username,
            @NotNull @Size(max = 300) String password) {

        @Override
        public String toString() {
            return username;
        }
    }

    record Token(String token, String tokenType, Instant expiresAt) {}

    record Acceptance(
            @NotNull @Size(max = 100) String token,
            @NotNull @Size(max = 300) String password) {

        @Override
        public String toString() {
            return "acceptance";
        }
    }

    record Setup(
            @NotNull @Size(max = 100) String token,
            @NotNull @Size(max = 300) String email,
            @NotNull @Size(max = 300) String password) {

        @Override
        public String toString() {
            return email;
        }
    }
}
