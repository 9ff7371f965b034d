package io.garrison.licensing.web;

import io.garrison.licensing.AllotmentAdministration;
import io.garrison.licensing.AllotmentAdministration.Portion;
import io.garrison.licensing.AllotmentException.UnknownAllotment;
import io.garrison.licensing.AllotmentId;
import io.garrison.licensing.AllotmentSummary;
import io.garrison.licensing.Entitlements;
import io.garrison.licensing.LicenseId;
import io.garrison.licensing.Metric;
import io.garrison.tenancy.ResellerId;
import io.garrison.tenancy.http.EntityTag;
import io.garrison.tenancy.http.Page;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.math.BigDecimal;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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

/** The parts of licences that a reseller has. */
@RestController
@RequestMapping("/api/v1/resellers/{r}/allotments")
class AllotmentController {

    private final AllotmentAdministration allotments;

    AllotmentController(AllotmentAdministration allotments) {
        this.allotments = allotments;
    }

    @PostMapping
    ResponseEntity<Told> allot(@PathVariable String r, @RequestBody @Valid Asked asked) {
        var made = allotments.allot(
                reseller(r), new LicenseId(asked.licenseId()), portion(asked.entitlements(), asked.overcommit()));
        return ResponseEntity.created(URI.create("/api/v1/resellers/%s/allotments/%s".formatted(r, made.id())))
                .eTag(EntityTag.of(made.version()))
                .body(Told.of(made));
    }

    @GetMapping
    Page<Told> list(
            @PathVariable String r,
            @RequestParam(defaultValue = "" + Page.DEFAULT_LIMIT) @Min(1) @Max(Page.MAX_LIMIT) int limit,
            @RequestParam(required = false) @Nullable UUID after) {
        var rows = allotments.list(reseller(r), after == null ? null : new AllotmentId(after), limit + 1);
        return Page.of(rows, limit, row -> row.id().toString()).map(Told::of);
    }

    @GetMapping("/{a}")
    ResponseEntity<Told> get(@PathVariable String r, @PathVariable String a) {
        return tell(allotments.get(reseller(r), id(a)));
    }

    @GetMapping("/{a}/pool")
    LicenseController.ToldPool pool(@PathVariable String r, @PathVariable String a) {
        return new LicenseController.ToldPool(LicenseController.lines(allotments.pool(reseller(r), id(a))));
    }

    @PutMapping("/{a}")
    ResponseEntity<Told> resize(
            @PathVariable String r,
            @PathVariable String a,
            @RequestHeader(name = "If-Match", required = false) @Nullable String ifMatch,
            @RequestBody @Valid Resize asked) {
        return tell(allotments.resize(
                reseller(r), id(a), portion(asked.entitlements(), asked.overcommit()), EntityTag.require(ifMatch)));
    }

    /** Gives it back to the licence pool. */
    @DeleteMapping("/{a}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void release(
            @PathVariable String r,
            @PathVariable String a,
            @RequestHeader(name = "If-Match", required = false) @Nullable String ifMatch) {
        allotments.release(reseller(r), id(a), EntityTag.require(ifMatch));
    }

    private static ResponseEntity<Told> tell(AllotmentSummary found) {
        return ResponseEntity.ok().eTag(EntityTag.of(found.version())).body(Told.of(found));
    }

    private static Portion portion(List<@Nullable Part> parts, @Nullable Map<String, @Nullable BigDecimal> overcommit) {
        var lines = new ArrayList<AskedEntitlements.@Nullable Line>();
        for (var part : parts) {
            lines.add(part == null ? null : new AskedEntitlements.Line(part.metric(), part.limit(), null, null));
        }
        return new Portion(
                AskedEntitlements.of(lines).entitlements(), Factors.read(overcommit == null ? Map.of() : overcommit));
    }

    private static ResellerId reseller(String text) {
        return new ResellerId(uuid(text));
    }

    private static AllotmentId id(String text) {
        return new AllotmentId(uuid(text));
    }

    private static UUID uuid(String text) {
        try {
            return UUID.fromString(text);
        } catch (IllegalArgumentException e) {
            throw new UnknownAllotment(); // ids are opaque; one that we never gave names nothing
        }
    }

    /**
     * One metric of what is asked for.
     *
     * @param limit a whole number; for {@code features} a list of names
     */
    record Part(@Nullable String metric, @Nullable Object limit) {}

    /**
     * @param entitlements what is not named is not allotted
     * @param overcommit factors by metric; what is not named is given on once
     */
    record Asked(
            @NotNull UUID licenseId,
            @NotEmpty @Size(max = 8) List<@Nullable Part> entitlements,
            @Nullable @Size(max = 8) Map<String, @Nullable BigDecimal> overcommit) {}

    /** As {@link Asked}. */
    record Resize(
            @NotEmpty @Size(max = 8) List<@Nullable Part> entitlements,
            @Nullable @Size(max = 8) Map<String, @Nullable BigDecimal> overcommit) {}

    record Told(
            UUID id,
            UUID resellerId,
            UUID licenseId,
            List<Line> entitlements,
            Map<String, BigDecimal> overcommit,
            Instant createdAt) {

        static Told of(AllotmentSummary found) {
            return new Told(
                    found.id().value(),
                    found.reseller().value(),
                    found.licenseId().value(),
                    Line.all(found.entitlements()),
                    Factors.tell(found.overcommit()),
                    found.createdAt());
        }
    }

    /** Counts are numbers, features are lists of names. */
    record Line(String metric, Object limit, String unit) {

        static List<Line> all(Entitlements granted) {
            var lines = new ArrayList<Line>();
            for (var metric : Metric.values()) {
                Object limit = switch (metric) {
                    case INSTANCES, THROUGHPUT_BPS, VIRTUAL_SERVICES -> granted.limit(metric);
                    case FEATURES -> granted.features();
                };
                lines.add(new Line(metric.wireName(), limit, metric.unit()));
            }
            return lines;
        }
    }
}
