package io.garrison.licensing.web;

import io.garrison.licensing.LicenseAdministration;
import io.garrison.licensing.LicenseException.UnknownLicense;
import io.garrison.licensing.LicenseId;
import io.garrison.licensing.LicenseOvercommit;
import io.garrison.licensing.LicensePool;
import io.garrison.licensing.LicensePool.Count;
import io.garrison.licensing.LicensePool.Features;
import io.garrison.licensing.LicensePool.Line;
import io.garrison.licensing.LicenseSummary;
import io.garrison.tenancy.http.EntityTag;
import io.garrison.tenancy.http.Page;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1/licenses")
class LicenseController {

    static final String JOSE = "application/jose";

    private final LicenseAdministration licenses;
    private final LicenseOvercommit overcommit;

    LicenseController(LicenseAdministration licenses, LicenseOvercommit overcommit) {
        this.licenses = licenses;
        this.overcommit = overcommit;
    }

    @PostMapping(consumes = JOSE)
    ResponseEntity<Told> load(InputStream body) throws IOException {
        var loaded = licenses.load(LicenseBody.read(body));
        return ResponseEntity.created(URI.create("/api/v1/licenses/" + loaded.id()))
                .eTag(EntityTag.of(loaded.version()))
                .body(Told.of(loaded));
    }

    @GetMapping
    Listed list(
            @RequestParam(defaultValue = "" + Page.DEFAULT_LIMIT) @Min(1) @Max(Page.MAX_LIMIT) int limit,
            @RequestParam(required = false) @Nullable UUID after) {
        var rows = licenses.list(after == null ? null : new LicenseId(after), limit + 1);
        var page = Page.of(rows, limit, row -> row.id().toString()).map(Told::of);
        return new Listed(page.items(), page.next(), licenses.deployment());
    }

    @GetMapping("/{id}")
    ResponseEntity<Told> get(@PathVariable String id) {
        return tell(licenses.get(id(id)));
    }

    /** What is not named is given away once. */
    @PutMapping("/{id}/overcommit")
    ResponseEntity<Told> overcommit(
            @PathVariable String id,
            @RequestHeader(name = "If-Match", required = false) @Nullable String ifMatch,
            @RequestBody @Valid AskedOvercommit asked) {
        return tell(overcommit.set(id(id), Factors.read(asked.overcommit()), EntityTag.require(ifMatch)));
    }

    private static ResponseEntity<Told> tell(LicenseSummary license) {
        return ResponseEntity.ok().eTag(EntityTag.of(license.version())).body(Told.of(license));
    }

    @GetMapping("/{id}/pool")
    ToldPool pool(@PathVariable String id) {
        return new ToldPool(lines(licenses.pool(id(id))));
    }

    static List<PoolLine> lines(LicensePool pool) {
        return pool.lines().stream().map(PoolLine::of).toList();
    }

    static LicenseId id(String text) {
        try {
            return new LicenseId(UUID.fromString(text));
        } catch (IllegalArgumentException e) {
            throw new UnknownLicense(); // ids are opaque; one that we never gave names nothing
        }
    }

    /** @param overcommit factors by metric */
    record AskedOvercommit(@NotNull @Size(max = 8) Map<String, @Nullable BigDecimal> overcommit) {}

    /** @param deploymentId id of this installation, for a licence that is to be bound to it */
    record Listed(List<Told> items, @Nullable String next, UUID deploymentId) {}

    record Told(
            UUID id,
            String name,
            Instant validFrom,
            Instant validUntil,
            List<Entitlement> entitlements,
            @Nullable UUID deploymentId,
            boolean demo,
            String signingKeyId,
            Instant loadedAt,
            Map<String, BigDecimal> overcommit) {

        static Told of(LicenseSummary license) {
            return new Told(
                    license.id().value(),
                    license.mssp(),
                    license.validFrom(),
                    license.validUntil(),
                    Entitlement.all(license.entitlements()),
                    license.deployment(),
                    license.demo(),
                    license.signingKeyId(),
                    license.loadedAt(),
                    Factors.tell(license.overcommit()));
        }
    }

    record ToldPool(List<PoolLine> entitlements) {}

    /** Counts are numbers, features are lists of names, given away any number of times. */
    record PoolLine(
            String metric,
            Object limit,
            Object allocated,
            Object free,
            String unit,
            @Nullable BigDecimal overcommit) {

        static PoolLine of(Line line) {
            var metric = line.metric();
            return switch (line) {
                case Count(var ignored, var limit, var overcommit, var allocated, var free) ->
                    new PoolLine(metric.wireName(), limit, allocated, free, metric.unit(), overcommit.value());
                case Features(var limit, var allocated) ->
                    new PoolLine(metric.wireName(), limit, allocated, limit, metric.unit(), null);
            };
        }
    }
}
