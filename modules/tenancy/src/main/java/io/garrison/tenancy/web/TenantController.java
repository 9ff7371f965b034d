package io.garrison.tenancy.web;

import io.garrison.tenancy.ActAs;
import io.garrison.tenancy.DeploymentMode;
import io.garrison.tenancy.Operations;
import io.garrison.tenancy.ResellerId;
import io.garrison.tenancy.TenantManagement;
import io.garrison.tenancy.TenantManagement.Change;
import io.garrison.tenancy.TenantManagement.NewTenant;
import io.garrison.tenancy.TenantState;
import io.garrison.tenancy.TenantSummary;
import io.garrison.tenancy.http.EntityTag;
import io.garrison.tenancy.http.Page;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.net.URI;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1/tenants")
class TenantController {

    private final TenantManagement tenants;
    private final ActAs actAs;

    TenantController(TenantManagement tenants, ActAs actAs) {
        this.tenants = tenants;
        this.actAs = actAs;
    }

    @PostMapping
    ResponseEntity<Told> create(@RequestBody NewTenant asked) {
        var made = tenants.create(asked);
        return ResponseEntity.created(URI.create("/api/v1/tenants/" + made.id()))
                .eTag(EntityTag.of(made.version()))
                .body(Told.of(made));
    }

    @GetMapping
    Page<Told> list(
            @RequestParam(defaultValue = "" + Page.DEFAULT_LIMIT) @Min(1) @Max(Page.MAX_LIMIT) int limit,
            @RequestParam(required = false) @Nullable String after) {
        return tenants.list(after, limit).map(Told::of);
    }

    @GetMapping("/{t}")
    ResponseEntity<Told> get() {
        return told(tenants.get());
    }

    @PatchMapping("/{t}")
    ResponseEntity<Told> change(
            @RequestHeader(name = "If-Match", required = false) @Nullable String ifMatch, @RequestBody Change change) {
        return told(tenants.change(change, EntityTag.require(ifMatch)));
    }

    @PutMapping("/{t}/reseller")
    ResponseEntity<Told> place(
            @RequestHeader(name = "If-Match", required = false) @Nullable String ifMatch,
            @RequestBody @Valid Place asked) {
        return told(tenants.place(new ResellerId(asked.resellerId()), EntityTag.require(ifMatch)));
    }

    /** Makes it the provider's own. */
    @DeleteMapping("/{t}/reseller")
    ResponseEntity<Told> takeBack(@RequestHeader(name = "If-Match", required = false) @Nullable String ifMatch) {
        return told(tenants.place(null, EntityTag.require(ifMatch)));
    }

    @PostMapping("/{t}/suspend")
    ResponseEntity<Told> suspend() {
        return told(tenants.suspend());
    }

    @PostMapping("/{t}/resume")
    ResponseEntity<Told> resume() {
        return told(tenants.resume());
    }

    @DeleteMapping("/{t}")
    ResponseEntity<Begun> delete(@RequestHeader(name = "If-Match", required = false) @Nullable String ifMatch) {
        var operation = tenants.delete(EntityTag.require(ifMatch));
        return ResponseEntity.accepted()
                .location(URI.create(Operations.path(operation)))
                .body(new Begun(operation));
    }

    @PostMapping("/{t}/act-as")
    ResponseEntity<Session> actAs(@RequestBody Wish wish) {
        var issued = actAs.begin(wish.reason(), wish.ticket(), wish.minutes());
        return ResponseEntity.status(HttpStatus.CREATED)
                .cacheControl(CacheControl.noStore())
                .body(new Session(issued.token(), "Bearer", issued.expiresAt()));
    }

    private static ResponseEntity<Told> told(TenantSummary tenant) {
        return ResponseEntity.ok().eTag(EntityTag.of(tenant.version())).body(Told.of(tenant));
    }

    record Told(
            UUID id,
            String slug,
            String name,
            DeploymentMode mode,
            String contactEmail,
            String timeZone,
            TenantState state,
            Instant createdAt,
            @Nullable UUID resellerId) {

        static Told of(TenantSummary tenant) {
            return new Told(
                    tenant.id().value(),
                    tenant.slug(),
                    tenant.name(),
                    tenant.mode(),
                    tenant.contactEmail(),
                    tenant.timeZone().getId(),
                    tenant.state(),
                    tenant.createdAt(),
                    tenant.resellerId() == null ? null : tenant.resellerId().value());
        }
    }

    record Place(@NotNull UUID resellerId) {}

    record Begun(UUID operationId) {}

    record Wish(
            @Nullable String reason,
            @Nullable String ticket,
            @Nullable Integer minutes) {}

    record Session(String token, String tokenType, Instant expiresAt) {}
}
