package io.garrison.tenancy.web;

import com.fasterxml.jackson.annotation.JsonRawValue;
import io.garrison.tenancy.Actor;
import io.garrison.tenancy.AuditEntry;
import io.garrison.tenancy.AuditLog;
import io.garrison.tenancy.TenantId;
import io.garrison.tenancy.http.Page;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The newest entries first; {@code after} is the index of the last one that was seen. */
@RestController
@RequestMapping({"/api/v1/audit", "/api/v1/tenants/{t}/audit"})
class AuditController {

    private final AuditLog log;

    AuditController(AuditLog log) {
        this.log = log;
    }

    @GetMapping
    Page<Told> list(
            @RequestParam(defaultValue = "" + Page.DEFAULT_LIMIT) @Min(1) @Max(Page.MAX_LIMIT) int limit,
            @RequestParam(defaultValue = "0") @Min(0) long after) {
        return log.list(after, limit).map(Told::of);
    }

    @GetMapping("/verify")
    AuditLog.Verification verify() {
        return log.verify();
    }

    record Told(
            long index,
            @Nullable UUID tenantId,
            Instant at,
            Actor actor,
            String action,
            String objectType,
            String objectId,
            @JsonRawValue String details) {

        static Told of(AuditEntry entry) {
            return new Told(
                    entry.index(),
                    entry.tenant().map(TenantId::value).orElse(null),
                    entry.at(),
                    entry.actor(),
                    entry.action(),
                    entry.objectType(),
                    entry.objectId(),
                    entry.details());
        }
    }
}
