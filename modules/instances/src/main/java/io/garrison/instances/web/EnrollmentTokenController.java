package io.garrison.instances.web;

import io.garrison.instances.EnrollmentTokens;
import io.garrison.instances.EnrollmentTokens.TokenSummary;
import io.garrison.tenancy.http.Page;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1/tenants/{t}/stacks/{s}/enrollment-tokens")
class EnrollmentTokenController {

    private final EnrollmentTokens tokens;

    EnrollmentTokenController(EnrollmentTokens tokens) {
        this.tokens = tokens;
    }

    @PostMapping
    ResponseEntity<Made> create(@PathVariable String s, @RequestBody(required = false) @Nullable NewToken asked) {
        Integer ttl = asked == null ? null : asked.ttlMinutes();
        Integer uses = asked == null ? null : asked.uses();
        var made = tokens.create(
                Ids.stack(s), ttl == null ? EnrollmentTokens.DEFAULT_TTL_MINUTES : ttl, uses == null ? 1 : uses);
        return ResponseEntity.status(HttpStatus.CREATED)
                .cacheControl(CacheControl.noStore())
                .body(new Made(made.id(), made.token(), made.caSha256(), made.expiresAt(), made.command()));
    }

    @GetMapping
    Page<Told> list(@PathVariable String s) {
        return new Page<>(tokens.list(Ids.stack(s)).stream().map(Told::of).toList(), null);
    }

    @DeleteMapping("/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void revoke(@PathVariable String s, @PathVariable String id) {
        tokens.revoke(Ids.stack(s), Ids.uuid(id));
    }

    /**
     * @param ttlMinutes 60 if absent
     * @param uses 1 if absent
     */
    record NewToken(@Nullable Integer ttlMinutes, @Nullable Integer uses) {}

    record Made(UUID id, String token, String caSha256, Instant expiresAt, String command) {}

    record Told(UUID id, Instant createdAt, Instant expiresAt, int uses, int used, TokenSummary.State state) {

        static Told of(TokenSummary token) {
            return new Told(
                    token.id(), token.createdAt(), token.expiresAt(), token.uses(), token.used(), token.state());
        }
    }
}
