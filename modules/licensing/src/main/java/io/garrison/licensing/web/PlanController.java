package io.garrison.licensing.web;

import io.garrison.licensing.LicenseException.UnknownPlan;
import io.garrison.licensing.Overages;
import io.garrison.licensing.PlanId;
import io.garrison.licensing.PlanManagement;
import io.garrison.licensing.PlanManagement.Cut;
import io.garrison.licensing.PlanManagement.PlanTerms;
import io.garrison.licensing.PlanSummary;
import io.garrison.licensing.SubLicenseId;
import io.garrison.tenancy.http.EntityTag;
import io.garrison.tenancy.http.Page;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1/plans")
class PlanController {

    private final PlanManagement plans;

    PlanController(PlanManagement plans) {
        this.plans = plans;
    }

    @PostMapping
    ResponseEntity<Told> create(@RequestBody @Valid Asked asked) {
        var made = plans.create(asked.terms());
        return ResponseEntity.created(URI.create("/api/v1/plans/" + made.id()))
                .eTag(EntityTag.of(made.version()))
                .body(Told.of(made));
    }

    @GetMapping
    Page<Told> list(
            @RequestParam(defaultValue = "" + Page.DEFAULT_LIMIT) @Min(1) @Max(Page.MAX_LIMIT) int limit,
            @RequestParam(required = false) @Nullable UUID after) {
        var rows = plans.list(after == null ? null : new PlanId(after), limit + 1);
        return Page.of(rows, limit, row -> row.id().toString()).map(Told::of);
    }

    @GetMapping("/{id}")
    ResponseEntity<Told> get(@PathVariable String id) {
        return tell(plans.get(id(id)));
    }

    @PutMapping("/{id}")
    ResponseEntity<Told> change(
            @PathVariable String id,
            @RequestHeader(name = "If-Match", required = false) @Nullable String ifMatch,
            @RequestBody @Valid Asked asked) {
        return tell(plans.change(id(id), asked.terms(), EntityTag.require(ifMatch)));
    }

    /** Retires it: nothing is cut from it any more, and what was cut stays. */
    @DeleteMapping("/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void retire(@PathVariable String id, @RequestHeader(name = "If-Match", required = false) @Nullable String ifMatch) {
        plans.retire(id(id), EntityTag.require(ifMatch));
    }

    /** What was cut from it, from which version. */
    @GetMapping("/{id}/sub-licenses")
    Page<ToldCut> cuts(
            @PathVariable String id,
            @RequestParam(defaultValue = "" + Page.DEFAULT_LIMIT) @Min(1) @Max(Page.MAX_LIMIT) int limit,
            @RequestParam(required = false) @Nullable UUID after) {
        var rows = plans.cuts(id(id), after == null ? null : new SubLicenseId(after), limit + 1);
        return Page.of(rows, limit, row -> row.subLicense().toString()).map(ToldCut::of);
    }

    private static ResponseEntity<Told> tell(PlanSummary plan) {
        return ResponseEntity.ok().eTag(EntityTag.of(plan.version())).body(Told.of(plan));
    }

    private static PlanId id(String text) {
        try {
            return new PlanId(UUID.fromString(text));
        } catch (IllegalArgumentException e) {
            throw new UnknownPlan(); // ids are opaque; one that we never gave names nothing
        }
    }

    record Asked(
            @NotBlank @Size(max = 100) String name,
            @NotEmpty @Size(max = 8) List<AskedEntitlements.@Nullable Line> entitlements,
            @NotNull @Min(0) @Max(365) Integer graceDays,
            @NotNull @Min(1) @Max(3660) Integer termDays) {

        PlanTerms terms() {
            var asked = AskedEntitlements.of(entitlements);
            return new PlanTerms(
                    name.strip(), asked.entitlements(), new Overages(asked.overage()), graceDays, termDays);
        }
    }

    record Told(
            UUID id,
            String name,
            List<Entitlement> entitlements,
            int graceDays,
            int termDays,
            long version,
            Instant createdAt,
            Instant changedAt,
            @Nullable Instant retiredAt) {

        static Told of(PlanSummary plan) {
            var terms = plan.terms();
            return new Told(
                    plan.id().value(),
                    terms.name(),
                    Entitlement.all(terms.entitlements(), terms.overages()),
                    terms.graceDays(),
                    terms.termDays(),
                    plan.version(),
                    plan.createdAt(),
                    plan.changedAt(),
                    plan.retiredAt());
        }
    }

    /** @param planVersion that it was cut from */
    record ToldCut(UUID tenantId, UUID subLicenseId, long planVersion, Instant at) {

        static ToldCut of(Cut cut) {
            return new ToldCut(cut.tenant().value(), cut.subLicense(), cut.version(), cut.at());
        }
    }
}
