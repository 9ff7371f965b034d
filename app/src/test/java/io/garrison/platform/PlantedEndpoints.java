package io.garrison.platform;

import io.garrison.tenancy.SignIn;
import io.garrison.tenancy.SignedIn;
import io.garrison.tenancy.TenancyException;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Primary;
import org.springframework.context.annotation.Profile;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Component;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Endpoints that count how often they were reached and fail in every way; there under the profile {@code planted} only. */
@RestController
@Profile("planted")
@RequestMapping({"/api/v1/planted", "/api/v1/tenants/{t}/planted"})
class PlantedEndpoints {

    static final String SECRET = "the detail of a fault";
    static final AtomicInteger REACHED = new AtomicInteger();

    @PostMapping("/count")
    ResponseEntity<Map<String, Integer>> count() {
        int count = REACHED.incrementAndGet();
        return ResponseEntity.created(URI.create("/api/v1/planted/" + count))
                .eTag("\"7\"")
                .body(Map.of("count", count));
    }

    @PostMapping(path = "/file", produces = "application/jose")
    ResponseEntity<byte[]> file() {
        REACHED.incrementAndGet();
        return ResponseEntity.ok("a.b.c".getBytes(StandardCharsets.US_ASCII));
    }

    @PostMapping("/slow")
    Map<String, Integer> slow() throws InterruptedException {
        int count = REACHED.incrementAndGet();
        TimeUnit.MILLISECONDS.sleep(400); // long enough for others to come meanwhile
        return Map.of("count", count);
    }

    @PostMapping("/refuse")
    void refuse() {
        REACHED.incrementAndGet();
        throw new TenancyException.SlugTaken("acme");
    }

    @PostMapping("/fault")
    void fault() {
        REACHED.incrementAndGet();
        throw new IllegalStateException(SECRET);
    }

    @PostMapping("/read")
    Form read(@RequestBody Form form) {
        return form;
    }

    @GetMapping("/half")
    void half(HttpServletResponse response) throws IOException {
        response.getOutputStream().write("first half".getBytes(StandardCharsets.UTF_8));
        response.flushBuffer();
        throw new IllegalStateException(SECRET);
    }

    enum Colour {
        RED
    }

    record Form(
            @Nullable String text,
            @Nullable Integer number,
            @Nullable Instant at,
            @Nullable Colour colour,
            @Nullable List<Form> forms) {}

    /** Fails for certain credentials, as it does when the database is gone. */
    @Component
    @Primary
    @Profile("planted")
    static class FailingSignIn implements SignIn {
        private final SignIn real;

        FailingSignIn(@Qualifier("signInService") SignIn real) {
            this.real = real;
        }

        @Override
        public Optional<SignedIn> byCredential(String credential) {
            return switch (credential) {
                case "grt_fault" -> throw new IllegalStateException(SECRET);
                case "grt_error" -> throw new StackOverflowError(SECRET);
                case "grt_outage" -> throw new DataAccessResourceFailureException(SECRET);
                default -> real.byCredential(credential);
            };
        }

        @Override
        public UUID verify(String email, String password) {
            return real.verify(email, password);
        }

        @Override
        public IssuedToken issue(String email, String password) {
            return real.issue(email, password);
        }

        @Override
        public Optional<SignedIn> byAccount(UUID account) {
            return real.byAccount(account);
        }

        @Override
        public void revoke(String token) {
            real.revoke(token);
        }
    }
}
