package io.garrison.tenancy.web;

import io.garrison.tenancy.ApiKeyManagement;
import io.garrison.tenancy.ApiKeyManagement.ApiKey;
import io.garrison.tenancy.Role;
import io.garrison.tenancy.http.EntityTag;
import io.garrison.tenancy.http.Page;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.net.URI;
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
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping({"/api/v1/api-keys", "/api/v1/tenants/{t}/api-keys"})
class ApiKeyController {
    private static final int DEFAULT_DAYS = 90;

    private final ApiKeyManagement keys;

    ApiKeyController(ApiKeyManagement keys) {
        this.keys = keys;
    }

    @GetMapping
    Page<Told> list(
            @RequestParam(defaultValue = "" + Page.DEFAULT_LIMIT) @Min(1) @Max(Page.MAX_LIMIT) int limit,
            @RequestParam(required = false) @Nullable UUID after) {
        return keys.list(after, limit).map(apiKey -> Told.of(apiKey, null));
    }

    @PostMapping
    ResponseEntity<Told> create(@RequestBody NewKey asked, HttpServletRequest request) {
        var days = asked.expiresInDays() == null ? Integer.valueOf(DEFAULT_DAYS) : asked.expiresInDays();
        var made = keys.create(asked.name(), asked.role(), days);
        return ResponseEntity.created(
                        URI.create(request.getRequestURI() + "/" + made.apiKey().id()))
                .eTag(EntityTag.of(made.apiKey().version()))
                .cacheControl(CacheControl.noStore())
                .body(Told.of(made.apiKey(), made.key()));
    }

    @GetMapping("/{id}")
    ResponseEntity<Told> get(@PathVariable UUID id) {
        var apiKey = keys.get(id);
        return ResponseEntity.ok().eTag(EntityTag.of(apiKey.version())).body(Told.of(apiKey, null));
    }

    @DeleteMapping("/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void revoke(@PathVariable UUID id, @RequestHeader(name = "If-Match", required = false) @Nullable String ifMatch) {
        keys.revoke(id, EntityTag.require(ifMatch));
    }

    /** @param expiresInDays 1 to 366; 90 if absent */
    record NewKey(
            @Nullable String name,
            @Nullable Role role,
            @Nullable Integer expiresInDays) {}

    /** @param key told once, when it is made */
    record Told(
            UUID id,
            String name,
            Role role,
            Instant expiresAt,
            Instant createdAt,
            @Nullable String key) {

        static Told of(ApiKey apiKey, @Nullable String key) {
            return new Told(apiKey.id(), apiKey.name(), apiKey.role(), apiKey.expiresAt(), apiKey.createdAt(), key);
        }
    }
}
