package io.garrison.licensing;

import io.garrison.tenancy.TenantDataOwner;
import io.garrison.tenancy.TenantId;
import java.util.UUID;
import org.springframework.core.annotation.Order;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/**
 * Erases the sub-licences and seats of a tenant. Its shares go back to the licence pool; seats on offline leases, which
 * nobody can call back, count there until they end.
 */
@Component
@Order(30)
class LicensingDataOwner implements TenantDataOwner {

    private final JdbcClient jdbc;
    private final Pools pools;
    private final LicenseTime time;

    LicensingDataOwner(JdbcClient jdbc, Pools pools, LicenseTime time) {
        this.jdbc = jdbc;
        this.pools = pools;
        this.time = time;
    }

    @Override
    public String name() {
        return "licensing";
    }

    /** Row-level security shows the bound tenant's rows and no others. */
    @Override
    @Transactional
    public long erase(TenantId tenantId) {
        var now = time.now();
        jdbc.sql("select id from licensing.sub_license").query(UUID.class).list().stream()
                .map(SubLicenseId::new)
                .forEach(id -> pools.release(id, now));
        long leases = jdbc.sql("delete from licensing.seat_lease").update()
                + jdbc.sql("delete from licensing.lease_return").update()
                + jdbc.sql("delete from licensing.notice").update();
        jdbc.sql("delete from licensing.plan_cut").update();
        jdbc.sql("delete from licensing.overage_interval").update();
        jdbc.sql("delete from licensing.consumption").update();
        jdbc.sql("delete from licensing.transfer").update();
        jdbc.sql("delete from licensing.sub_license_change").update();
        return leases + jdbc.sql("delete from licensing.sub_license").update();
    }
}
