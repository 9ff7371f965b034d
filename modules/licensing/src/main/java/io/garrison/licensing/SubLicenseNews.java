package io.garrison.licensing;

import io.garrison.licensing.SubLicenseRecords.Stored;
import io.garrison.tenancy.AuditTrail;
import io.garrison.tenancy.CurrentTenant;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Component;

/** Tells of changes to sub-licences: in the audit trail, and to whom it may concern. */
@Component
class SubLicenseNews {

    private final AuditTrail audit;
    private final ApplicationEventPublisher events;

    SubLicenseNews(AuditTrail audit, ApplicationEventPublisher events) {
        this.audit = audit;
        this.events = events;
    }

    void allocated(Stored fresh) {
        var granted = fresh.entitlements();
        audit.record(
                "sub-license.allocated",
                "sub-license",
                fresh.id().toString(),
                Map.of(
                        "license", fresh.licenseId().toString(),
                        "validFrom", fresh.from().toString(),
                        "validUntil", fresh.until().toString(),
                        "graceDays", fresh.graceDays(),
                        "instances", granted.instances(),
                        "throughputBps", granted.throughputBps(),
                        "virtualServices", granted.virtualServices(),
                        "features", List.copyOf(granted.features())));
        events.publishEvent(new SubLicenseAllocated(CurrentTenant.require(), fresh.id(), fresh.createdAt()));
    }

    void revoked(Stored revoked, Instant at) {
        audit.record(
                "sub-license.revoked",
                "sub-license",
                revoked.id().toString(),
                Map.of("license", revoked.licenseId().toString()));
        events.publishEvent(new SubLicenseRevoked(CurrentTenant.require(), revoked.id(), at));
    }
}
