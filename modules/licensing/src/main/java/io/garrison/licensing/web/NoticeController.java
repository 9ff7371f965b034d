package io.garrison.licensing.web;

import io.garrison.licensing.LicenseException.UnknownNotice;
import io.garrison.licensing.LicenseNotice;
import io.garrison.licensing.LicenseNotices;
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
class NoticeController {

    private final LicenseNotices notices;

    NoticeController(LicenseNotices notices) {
        this.notices = notices;
    }

    @GetMapping("/tenants/{t}/notices")
    Page<Told> ofTenant(
            @RequestParam(defaultValue = "" + Page.DEFAULT_LIMIT) @Min(1) @Max(Page.MAX_LIMIT) int limit,
            @RequestParam(required = false) @Nullable UUID after) {
        return Page.of(
                        notices.ofTenant(after, limit + 1),
                        limit,
                        row -> row.id().toString())
                .map(Told::of);
    }

    @PostMapping("/tenants/{t}/notices/{id}/acknowledge")
    Told acknowledge(@PathVariable String id) {
        return Told.of(notices.acknowledge(id(id)));
    }

    @GetMapping("/notices")
    Page<Told> all(
            @RequestParam(defaultValue = "" + Page.DEFAULT_LIMIT) @Min(1) @Max(Page.MAX_LIMIT) int limit,
            @RequestParam(required = false) @Nullable UUID after) {
        return Page.of(notices.all(after, limit + 1), limit, row -> row.id().toString())
                .map(Told::of);
    }

    @PostMapping("/notices/{id}/acknowledge")
    Told acknowledgeForProvider(@PathVariable String id) {
        return Told.of(notices.acknowledgeForProvider(id(id)));
    }

    private static UUID id(String text) {
        try {
            return UUID.fromString(text);
        } catch (IllegalArgumentException e) {
            throw new UnknownNotice(); // ids are opaque; one that we never gave names nothing
        }
    }

    record Told(
            UUID id,
            @Nullable UUID tenantId,
            @Nullable UUID subLicenseId,
            @Nullable Long serial,
            LicenseNotice.Kind kind,
            @Nullable UUID instanceId,
            Instant at,
            String message,
            @Nullable Instant acknowledgedAt,
            @Nullable String acknowledgedBy) {

        static Told of(LicenseNotice notice) {
            var tenant = notice.tenantId();
            var subLicense = notice.subLicense();
            return new Told(
                    notice.id(),
                    tenant == null ? null : tenant.value(),
                    subLicense == null ? null : subLicense.value(),
                    notice.serial(),
                    notice.kind(),
                    notice.instanceId(),
                    notice.at(),
                    notice.message(),
                    notice.acknowledgedAt(),
                    notice.acknowledgedBy());
        }
    }
}
