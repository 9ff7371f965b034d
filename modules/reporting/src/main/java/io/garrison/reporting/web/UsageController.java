package io.garrison.reporting.web;

import io.garrison.licensing.SubLicenseId;
import io.garrison.reporting.ReportingException.UnknownFormat;
import io.garrison.reporting.UsageQuery;
import io.garrison.reporting.UsageRecord;
import io.garrison.reporting.UsageReports;
import io.garrison.reporting.usage.UsageFlush;
import io.garrison.tenancy.Operations;
import io.garrison.tenancy.TenantDirectory;
import io.garrison.tenancy.TenantId;
import io.garrison.tenancy.TenantSummary;
import io.garrison.tenancy.http.Page;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
class UsageController {

    private final UsageReports usage;
    private final UsageFlush flush;
    private final TenantDirectory tenants;

    UsageController(UsageReports usage, UsageFlush flush, TenantDirectory tenants) {
        this.usage = usage;
        this.flush = flush;
        this.tenants = tenants;
    }

    /** Usage of all tenants, or of one. JSON comes in pages, CSV as a whole. */
    @GetMapping("/api/v1/usage")
    @Nullable
    Page<UsageLine> ofAllTenants(
            @RequestParam Instant from,
            @RequestParam Instant to,
            @RequestParam(defaultValue = "json") String format,
            @RequestParam(required = false) @Nullable UUID tenantId,
            @RequestParam(required = false) @Nullable UUID subLicenseId,
            @RequestParam(required = false) @Nullable String after,
            @RequestParam(defaultValue = "50") @Min(1) @Max(Page.MAX_LIMIT) int limit,
            HttpServletResponse response)
            throws IOException {
        var query = query(from, to, tenantId, subLicenseId);
        return answer(
                format,
                () -> usage.ofAllTenants(query, after, limit),
                cursor -> usage.wholeStreamsOfAllTenants(query, cursor),
                query,
                response);
    }

    /** Usage of the tenant in the path. */
    @GetMapping("/api/v1/tenants/{t}/usage")
    @Nullable
    Page<UsageLine> ofTenant(
            @RequestParam Instant from,
            @RequestParam Instant to,
            @RequestParam(defaultValue = "json") String format,
            @RequestParam(required = false) @Nullable UUID subLicenseId,
            @RequestParam(required = false) @Nullable String after,
            @RequestParam(defaultValue = "50") @Min(1) @Max(Page.MAX_LIMIT) int limit,
            HttpServletResponse response)
            throws IOException {
        var query = query(from, to, null, subLicenseId);
        return answer(
                format,
                () -> usage.ofTenant(query, after, limit),
                cursor -> usage.wholeStreamsOfTenant(query, cursor),
                query,
                response);
    }

    /** Asks every connected edge for its registers; the operation ends when PostgreSQL has them. */
    @PostMapping("/api/v1/usage/flush")
    ResponseEntity<Map<String, UUID>> flush() {
        var operation = flush.start();
        return ResponseEntity.accepted()
                .location(URI.create(Operations.path(operation)))
                .body(Map.of("operationId", operation));
    }

    private @Nullable Page<UsageLine> answer(
            String format,
            Supplier<Page<UsageRecord>> page,
            Streams streams,
            UsageQuery query,
            HttpServletResponse response)
            throws IOException {
        var slugs = new HashMap<TenantId, String>();
        return switch (format) {
            case "json" -> page.get().map(record -> line(record, slugs));
            case "csv" -> {
                csv(query, streams, slugs, response);
                yield null;
            }
            default -> throw new UnknownFormat(format, "json, csv");
        };
    }

    /** Streams are read some at a time, so that a slow reader holds no transaction open. */
    private void csv(UsageQuery query, Streams streams, Map<TenantId, String> slugs, HttpServletResponse response)
            throws IOException {
        var page = streams.after(null);
        response.setContentType("text/csv;charset=UTF-8");
        response.setHeader(
                "Content-Disposition",
                "attachment; filename=\"usage-%s.csv\""
                        .formatted(query.firstHour().toString().substring(0, 10)));
        var out = new StringBuilder(UsageCsv.HEADER);
        while (true) {
            UsageCsv.write(out, page.map(record -> line(record, slugs)).items());
            response.getOutputStream().write(out.toString().getBytes(StandardCharsets.UTF_8));
            if (page.next() == null) {
                response.flushBuffer();
                return;
            }
            out.setLength(0);
            page = streams.after(page.next());
        }
    }

    private UsageLine line(UsageRecord record, Map<TenantId, String> slugs) {
        var slug = slugs.computeIfAbsent(
                record.tenantId(),
                id -> tenants.find(id).map(TenantSummary::slug).orElse(""));
        return UsageLine.of(record, slug);
    }

    private static UsageQuery query(Instant from, Instant to, @Nullable UUID tenantId, @Nullable UUID subLicenseId) {
        return new UsageQuery(
                from,
                to,
                tenantId == null ? null : new TenantId(tenantId),
                subLicenseId == null ? null : new SubLicenseId(subLicenseId));
    }

    private interface Streams {
        Page<UsageRecord> after(@Nullable String cursor);
    }
}
