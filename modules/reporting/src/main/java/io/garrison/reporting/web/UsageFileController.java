package io.garrison.reporting.web;

import io.garrison.protocol.SiteUsageFile;
import io.garrison.reporting.ReportingException.UsageRefused;
import io.garrison.reporting.UsageExports;
import io.garrison.reporting.UsageExports.Export;
import io.garrison.reporting.UsageFiles;
import io.garrison.tenancy.http.Page;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
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

/** Usage that is carried by hand: out of a customer's own installation, and into the MSSP's. */
@RestController
@RequestMapping("/api/v1")
class UsageFileController {

    private static final String JOSE = "application/jose";

    private final UsageFiles files;
    private final UsageExports exports;

    UsageFileController(UsageFiles files, UsageExports exports) {
        this.files = files;
        this.exports = exports;
    }

    /** Loads a signed file of a customer's own installation. Twice or out of order it changes nothing. */
    @PostMapping(path = "/usage-files", consumes = JOSE)
    Loaded load(InputStream body) throws IOException {
        var loaded = files.load(body.readNBytes(SiteUsageFile.MAX_BYTES + 1));
        var site = loaded.site();
        var taken = loaded.taken();
        return new Loaded(
                site.siteId(),
                site.tenantId().value(),
                site.subLicenseId().value(),
                taken.number(),
                taken.known(),
                taken.newRows(),
                taken.knownRows(),
                taken.olderRows(),
                taken.missing());
    }

    /** Makes the next file of what was counted here since the last one. */
    @PostMapping("/usage-exports")
    ResponseEntity<Export> next() {
        var made = exports.next().orElseThrow(UsageRefused::nothingNew);
        return ResponseEntity.created(URI.create("/api/v1/usage-exports/" + made.number()))
                .body(made);
    }

    /** The files that were made here, the newest first. */
    @GetMapping("/usage-exports")
    Page<Export> list(
            @RequestParam(defaultValue = "" + Page.DEFAULT_LIMIT) @Min(1) @Max(Page.MAX_LIMIT) int limit,
            @RequestParam(required = false) @Nullable String after) {
        var before = after == null ? Long.MAX_VALUE : number(after);
        return Page.of(exports.list(before, limit + 1), limit, export -> Long.toString(export.number()));
    }

    /** One of them, the same each time. */
    @GetMapping(path = "/usage-exports/{number}", produces = JOSE)
    ResponseEntity<byte[]> file(@PathVariable String number) {
        byte[] file = exports.file(number(number));
        return ResponseEntity.ok()
                .header("Content-Disposition", "attachment; filename=\"usage-%s.garrison\"".formatted(number))
                .body(file);
    }

    private static long number(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw UsageRefused.noSuchFile(); // numbers are given by us; what is none names nothing
        }
    }

    /**
     * @param known whether the file was loaded before, or came over the network, so that it changed nothing
     * @param missing numbers of files below the highest that have not come; of more than 100 the last 100
     */
    record Loaded(
            UUID siteId,
            UUID tenantId,
            UUID subLicenseId,
            long number,
            boolean known,
            int newRows,
            int knownRows,
            int olderRows,
            List<Long> missing) {}
}
