package io.garrison.tenancy;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * Erases a tenant in the background, owner by owner, and leaves a certificate. A deletion that a crash has cut off goes
 * on at the next start; every step can be done twice.
 */
@Component
class Deletion {
    private static final Logger log = LoggerFactory.getLogger(Deletion.class);
    static final String KIND = "tenant.delete";

    private final List<TenantDataOwner> owners;
    private final Tenants tenants;
    private final DeletionCertificates certificates;
    private final House house;
    private final OperationService operations;
    private final AuditTrail audit;

    Deletion(
            List<TenantDataOwner> owners,
            Tenants tenants,
            DeletionCertificates certificates,
            House house,
            OperationService operations,
            AuditTrail audit) {
        this.owners = owners;
        this.tenants = tenants;
        this.certificates = certificates;
        this.house = house;
        this.operations = operations;
        this.audit = audit;
    }

    UUID announce(Duration limit) {
        return operations.start(KIND, limit);
    }

    /** A thread of its own has neither the caller's tenant nor the caller's transaction. */
    void begin(TenantId tenantId) {
        var actor = Actor.current();
        Thread.ofVirtual()
                .name("tenant-deletion")
                .start(() -> Actor.callAs(actor, () -> {
                    erase(tenantId);
                    return true;
                }));
    }

    @EventListener(ApplicationReadyEvent.class)
    void goOn() {
        house.read(() -> tenants.in(TenantState.DELETING)).forEach(tenant -> begin(tenant.id()));
    }

    private void erase(TenantId tenantId) {
        try {
            var erased = new LinkedHashMap<String, Long>();
            for (int i = 0; i < owners.size(); i++) {
                var owner = owners.get(i);
                erased.put(owner.name(), CurrentTenant.callAs(tenantId, () -> owner.erase(tenantId)));
                var percent = 90 * (i + 1) / owners.size();
                house.write(() -> operations.progressOf(tenantId, KIND, percent));
            }
            house.write(() -> finish(tenantId, erased));
        } catch (RuntimeException e) {
            log.error("cannot delete tenant {}; it is tried again at the next start", tenantId, e);
            house.write(() -> operations.failureOf(
                    tenantId,
                    KIND,
                    "tenant.deletion-failed",
                    "The deletion met a fault. It goes on at the next start of the service."));
        }
    }

    private void finish(TenantId tenantId, Map<String, Long> erased) {
        var tenant = tenants.lock(tenantId).orElse(null);
        if (tenant == null) {
            return; // another replica has finished it
        }
        var all = new LinkedHashMap<>(erased);
        all.put("tenancy", tenants.erase(tenantId) + 1);
        var certificate = certificates.issue(tenant, all);
        audit.record(
                "tenant.deleted",
                "tenant",
                tenantId.toString(),
                Map.of("slug", tenant.slug(), "erased", all, "certificate", certificate.id()));
        operations.finishForProvider(tenantId, KIND, "/api/v1/deletion-certificates/" + certificate.id());
        tenants.delete(tenantId);
    }
}
