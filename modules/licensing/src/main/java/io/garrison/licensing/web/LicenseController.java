package io.garrison.licensing.web;

import io.garrison.licensing.LicenseAdministration;
import io.garrison.licensing.LicenseException.UnknownLicense;
import io.garrison.licensing.LicenseId;
import io.garrison.licensing.LicensePool;
import io.garrison.licensing.LicensePool.Count;
import io.garrison.licensing.LicensePool.Features;
import io.garrison.licensing.LicensePool.Line;
import io.garrison.licensing.LicenseSummary;
import io.garrison.tenancy.http.Page;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1/licenses")
class LicenseController {

    static final String JOSE = "application/jose";

    private final LicenseAdministration licenses;

    LicenseController(LicenseAdministration licenses) {
        this.licenses = licenses;
    }

    @PostMapping(consumes = JOSE)
    ResponseEntity<Told> load(InputStream body) throws IOException {
        var loaded = licenses.load(LicenseBody.read(body));
        return ResponseEntity.created(URI.create("/api/v1/licenses/" + loaded.id()))
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
    Told get(@PathVariable String id) {
        return Told.of(licenses.get(id(id)));
    }

    @GetMapping("/{id}/pool")
    ToldPool pool(@PathVariable String id) {
        return new ToldPool(lines(licenses.pool(id(id))));
    }

    static List<PoolLine> lines(LicensePool pool) {
        return pool.lines().stream().map(PoolLine::of).toList();
    }

    private static LicenseId id(String text) {
        try {
            return new LicenseId(UUID.fromString(text));
        } catch (IllegalArgumentException e) {
            throw new UnknownLicense(); // ids are opaque; one that we never gave names nothing
        }
    }

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
            Instant loadedAt) {

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
                    license.loadedAt());
        }
    }

    record ToldPool(List<PoolLine> entitlements) {}

    /** Counts are numbers, features are lists of names. */
    record PoolLine(String metric, Object limit, Object allocated, Object free, String unit) {

        static PoolLine of(Line line) {
            var metric = line.metric();
            return switch (line) {
                case Count(var ignored, var limit, var allocated, var free) ->
                    new PoolLine(metric.wireName(), limit, allocated, free, metric.unit());
                case Features(var limit, var allocated) ->
                    new PoolLine(metric.wireName(), limit, allocated, limit, metric.unit());
            };
        }
    }
}
