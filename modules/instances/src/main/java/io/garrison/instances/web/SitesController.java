package io.garrison.instances.web;

import io.garrison.instances.SiteDirectory;
import io.garrison.instances.SiteState;
import io.garrison.instances.SiteSummary;
import io.garrison.protocol.SiteReport;
import io.garrison.tenancy.TenantId;
import io.garrison.tenancy.http.Page;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1")
class SitesController {

    private final SiteDirectory sites;

    SitesController(SiteDirectory sites) {
        this.sites = sites;
    }

    /** Installations of customers' own that report here: those of all tenants, or of one. */
    @GetMapping("/sites")
    Page<Told> all(
            @RequestParam(required = false) @Nullable UUID tenantId,
            @RequestParam(required = false) @Nullable SiteState state,
            @RequestParam(defaultValue = "" + Page.DEFAULT_LIMIT) @Min(1) @Max(Page.MAX_LIMIT) int limit,
            @RequestParam(required = false) @Nullable UUID after) {
        var tenant = tenantId == null ? null : new TenantId(tenantId);
        return Page.of(
                        sites.all(tenant, state, after, limit + 1),
                        limit,
                        site -> site.id().toString())
                .map(Told::of);
    }

    /** Those of the tenant in the path. */
    @GetMapping("/tenants/{t}/sites")
    Page<Told> ofTenant(
            @RequestParam(required = false) @Nullable SiteState state,
            @RequestParam(defaultValue = "" + Page.DEFAULT_LIMIT) @Min(1) @Max(Page.MAX_LIMIT) int limit,
            @RequestParam(required = false) @Nullable UUID after) {
        return Page.of(
                        sites.ofTenant(state, after, limit + 1),
                        limit,
                        site -> site.id().toString())
                .map(Told::of);
    }

    /** Takes a site's place for another; its certificate and its key are worth nothing from then on. */
    @PostMapping("/tenants/{t}/sites/{id}/unbind")
    Told unbind(@PathVariable String id) {
        return Told.of(sites.unbind(Ids.uuid(id)));
    }

    record Told(
            UUID id,
            UUID tenantId,
            UUID subLicenseId,
            UUID installationId,
            String keySha256,
            String mode,
            String version,
            SiteState state,
            Instant boundAt,
            @Nullable Instant unboundAt,
            @Nullable Instant lastSeen,
            @Nullable Instant lastUsage,
            long subLicenseSerial,
            @Nullable SiteReport report) {

        static Told of(SiteSummary site) {
            return new Told(
                    site.id(),
                    site.tenantId().value(),
                    site.subLicenseId().value(),
                    site.installationId(),
                    site.keySha256(),
                    site.mode(),
                    site.version(),
                    site.state(),
                    site.boundAt(),
                    site.unboundAt(),
                    site.lastSeen(),
                    site.lastUsage(),
                    site.serial(),
                    site.report());
        }
    }
}
