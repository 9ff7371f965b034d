package io.garrison.licensing.web;

import io.garrison.licensing.LicenseException.UnknownSubLicense;
import io.garrison.licensing.LicenseId;
import io.garrison.licensing.Overages;
import io.garrison.licensing.PlanId;
import io.garrison.licensing.PlanManagement;
import io.garrison.licensing.SubLicenseAdministration;
import io.garrison.licensing.SubLicenseAdministration.Allocation;
import io.garrison.licensing.SubLicenseId;
import io.garrison.licensing.SubLicenseState;
import io.garrison.licensing.SubLicenseSummary;
import io.garrison.tenancy.http.EntityTag;
import io.garrison.tenancy.http.Page;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1/tenants/{t}/sub-licenses")
class SubLicenseController {

    private final SubLicenseAdministration subLicenses;
    private final PlanManagement plans;

    SubLicenseController(SubLicenseAdministration subLicenses, PlanManagement plans) {
        this.plans = plans;
        this.subLicenses = subLicenses;
    }

    @PostMapping
    ResponseEntity<Told> allocate(@PathVariable String t, @RequestBody @Valid Asked asked) {
        return created(t, subLicenses.allocate(asked.allocation()));
    }

    /** By a plan, which says what it grants and how long it lasts. */
    @PostMapping("/from-plan")
    ResponseEntity<Told> allocate(@PathVariable String t, @RequestBody @Valid FromPlan asked) {
        return created(
                t,
                plans.allocate(
                        new PlanId(asked.planId()),
                        new LicenseId(asked.licenseId()),
                        asked.validFrom().truncatedTo(ChronoUnit.SECONDS)));
    }

    private static ResponseEntity<Told> created(String t, SubLicenseSummary made) {
        return ResponseEntity.created(URI.create("/api/v1/tenants/%s/sub-licenses/%s".formatted(t, made.id())))
                .eTag(EntityTag.of(made.version()))
                .body(Told.of(made));
    }

    @GetMapping
    Page<Told> list(
            @RequestParam(defaultValue = "" + Page.DEFAULT_LIMIT) @Min(1) @Max(Page.MAX_LIMIT) int limit,
            @RequestParam(required = false) @Nullable UUID after) {
        var rows = subLicenses.list(after == null ? null : new SubLicenseId(after), limit + 1);
        return Page.of(rows, limit, row -> row.id().toString()).map(Told::of);
    }

    @GetMapping("/{id}")
    ResponseEntity<Told> get(@PathVariable String id) {
        return tell(subLicenses.get(id(id)));
    }

    @GetMapping(path = "/{id}/file", produces = LicenseController.JOSE)
    ResponseEntity<byte[]> file(@PathVariable String id) {
        var file = subLicenses.file(id(id));
        return ResponseEntity.ok()
                .header(
                        HttpHeaders.CONTENT_DISPOSITION,
                        "attachment; filename=\"sub-license-%s.jose\"".formatted(id(id)))
                .body(file.getBytes(StandardCharsets.US_ASCII));
    }

    static ResponseEntity<Told> tell(SubLicenseSummary found) {
        return ResponseEntity.ok().eTag(EntityTag.of(found.version())).body(Told.of(found));
    }

    static SubLicenseId id(String text) {
        try {
            return new SubLicenseId(UUID.fromString(text));
        } catch (IllegalArgumentException e) {
            throw new UnknownSubLicense(); // ids are opaque; one that we never gave names nothing
        }
    }

    record FromPlan(
            @NotNull UUID planId,
            @NotNull UUID licenseId,
            @NotNull Instant validFrom) {}

    /** Instants are taken to the second, as licence files have them. */
    record Asked(
            @NotNull UUID licenseId,
            @NotNull Instant validFrom,
            @NotNull Instant validUntil,
            @NotNull @Min(0) @Max(365) Integer graceDays,
            @NotEmpty @Size(max = 8) List<AskedEntitlements.@Nullable Line> entitlements) {

        Allocation allocation() {
            var asked = AskedEntitlements.of(entitlements);
            return new Allocation(
                    new LicenseId(licenseId),
                    validFrom.truncatedTo(ChronoUnit.SECONDS),
                    validUntil.truncatedTo(ChronoUnit.SECONDS),
                    graceDays,
                    asked.entitlements(),
                    new Overages(asked.overage()));
        }
    }

    record Told(
            UUID id,
            UUID licenseId,
            String mode,
            SubLicenseState state,
            Instant validFrom,
            Instant validUntil,
            int graceDays,
            List<Entitlement> entitlements,
            long serial,
            Instant createdAt,
            @Nullable Instant suspendedAt,
            @Nullable Instant revokedAt) {

        static Told of(SubLicenseSummary found) {
            return new Told(
                    found.id().value(),
                    found.licenseId().value(),
                    found.mode(),
                    found.state(),
                    found.validFrom(),
                    found.validUntil(),
                    found.graceDays(),
                    Entitlement.all(found.entitlements(), found.overages()),
                    found.serial(),
                    found.createdAt(),
                    found.suspendedAt(),
                    found.revokedAt());
        }
    }
}
