package io.garrison.reporting.web;

import io.garrison.reporting.ReportCatalog;
import io.garrison.reporting.ReportCatalog.Definition;
import io.garrison.reporting.ReportCatalog.Format;
import io.garrison.reporting.ReportCatalog.Run;
import io.garrison.reporting.ReportingException.UnknownFormat;
import io.garrison.reporting.ReportingException.UnknownReport;
import io.garrison.tenancy.Operations;
import io.garrison.tenancy.http.Page;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.net.URI;
import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ContentDisposition;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1/tenants/{t}")
class ReportController {

    private final ReportCatalog reports;

    ReportController(ReportCatalog reports) {
        this.reports = reports;
    }

    @GetMapping("/report-definitions")
    Page<Definition> definitions() {
        return new Page<>(reports.definitions(), null);
    }

    @PostMapping("/report-definitions/{id}/runs")
    ResponseEntity<Run> start(@PathVariable String id, @RequestBody @Valid RunRequest request) {
        var run = reports.start(id, request.from(), request.to());
        var operation = run.operation();
        var answer = ResponseEntity.accepted();
        return operation == null
                ? answer.body(run)
                : answer.location(URI.create(Operations.path(operation))).body(run);
    }

    @GetMapping("/report-runs")
    Page<Run> runs(
            @RequestParam(required = false) @Nullable String after,
            @RequestParam(defaultValue = "50") @Min(1) @Max(Page.MAX_LIMIT) int limit) {
        return reports.runs(after, limit);
    }

    @GetMapping("/report-runs/{id}")
    Run run(@PathVariable String id) {
        return reports.run(runId(id));
    }

    /** Always a download: an HTML report is never shown in the console's own origin. */
    @GetMapping("/report-runs/{id}/file")
    ResponseEntity<byte[]> file(@PathVariable String id, @RequestParam(defaultValue = "pdf") String format) {
        var file = reports.file(runId(id), format(format));
        return ResponseEntity.ok()
                .contentType(MediaType.parseMediaType(file.mediaType()))
                .header(
                        "Content-Disposition",
                        ContentDisposition.attachment()
                                .filename(file.name())
                                .build()
                                .toString())
                .header("Content-Security-Policy", "sandbox; default-src 'none'; style-src 'unsafe-inline'")
                .header("X-Content-Type-Options", "nosniff")
                .body(file.content());
    }

    private static Format format(String name) {
        return Arrays.stream(Format.values())
                .filter(format -> format.name().toLowerCase(Locale.ROOT).equals(name))
                .findFirst()
                .orElseThrow(() -> new UnknownFormat(name, "pdf, xlsx, csv, html"));
    }

    private static UUID runId(String id) {
        try {
            return UUID.fromString(id);
        } catch (IllegalArgumentException e) {
            throw new UnknownReport();
        }
    }

    record RunRequest(@NotNull Instant from, @NotNull Instant to) {}
}
