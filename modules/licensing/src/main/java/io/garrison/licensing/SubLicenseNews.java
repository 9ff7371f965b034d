package io.garrison.licensing;

import io.garrison.licensing.SubLicenseRecords.Stored;
import io.garrison.tenancy.AuditTrail;
import io.garrison.tenancy.CrossTenantAudit;
import io.garrison.tenancy.CurrentTenant;
import io.garrison.tenancy.TenantId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Component;

/** Tells of changes to sub-licences: in the audit trail, and to whom it may concern. */
@Component
class SubLicenseNews {

    private final AuditTrail audit;
    private final CrossTenantAudit across;
    private final ApplicationEventPublisher events;

    SubLicenseNews(AuditTrail audit, CrossTenantAudit across, ApplicationEventPublisher events) {
        this.audit = audit;
        this.across = across;
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

    /** What the bound tenant's trail says of a change: the terms as they were and as they became. */
    void changed(Stored was, Stored became, String action, @Nullable String reason) {
        audit.record("sub-license." + action, "sub-license", became.id().toString(), details(was, became, reason));
    }

    private static Map<String, Object> details(Stored was, Stored became, @Nullable String reason) {
        var details = new TreeMap<String, Object>();
        details.put("license", became.licenseId().toString());
        details.put("serial", became.serial());
        details.put("before", SubLicenseHistory.terms(was));
        details.put("after", SubLicenseHistory.terms(became));
        if (reason != null) {
            details.put("reason", reason);
        }
        return details;
    }

    void resized(TenantId tenant, Stored resized, Instant at) {
        events.publishEvent(new SubLicenseResized(tenant, resized.id(), at));
    }

    void renewed(Stored renewed, Instant at) {
        events.publishEvent(new SubLicenseRenewed(CurrentTenant.require(), renewed.id(), at));
    }

    void suspended(Stored suspended, Instant at) {
        events.publishEvent(new SubLicenseSuspended(CurrentTenant.require(), suspended.id(), at));
    }

    void resumed(Stored resumed, Instant at) {
        events.publishEvent(new SubLicenseResumed(CurrentTenant.require(), resumed.id(), at));
    }

    /** Each side's trail says what it gave or got, the provider's own who gave what to whom. */
    void transferred(Transfer transfer, Instant at) {
        var amounts = Map.of(
                "transfer", transfer.id().toString(),
                "instances", transfer.amounts().instances(),
                "throughputBps", transfer.amounts().throughputBps(),
                "virtualServices", transfer.amounts().virtualServices());
        across.record(
                transfer.tenant(),
                "sub-license.transferred-out",
                "sub-license",
                transfer.from().toString(),
                amounts);
        across.record(
                transfer.toTenant(),
                "sub-license.transferred-in",
                "sub-license",
                transfer.to().toString(),
                amounts);
        var whole = new TreeMap<String, Object>(amounts);
        whole.put("fromTenant", transfer.tenant().toString());
        whole.put("fromSubLicense", transfer.from().toString());
        whole.put("toTenant", transfer.toTenant().toString());
        whole.put("toSubLicense", transfer.to().toString());
        audit.record("sub-license.transferred", "transfer", transfer.id().toString(), whole);
        events.publishEvent(new SubLicenseResized(transfer.tenant(), transfer.from(), at));
        events.publishEvent(new SubLicenseResized(transfer.toTenant(), transfer.to(), at));
    }

    void revoked(Stored revoked, Instant at) {
        events.publishEvent(new SubLicenseRevoked(CurrentTenant.require(), revoked.id(), at));
    }
}
