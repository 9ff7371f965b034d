package io.garrison.licensing;

import io.garrison.tenancy.TenantDataOwner;
import io.garrison.tenancy.TenantId;
import java.time.Clock;
import java.time.ZoneOffset;
import org.springframework.core.annotation.Order;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** Erases the sub-licences and seats of a tenant; its shares go back to the licence pool. */
@Component
@Order(30)
class LicensingDataOwner implements TenantDataOwner {

    private final JdbcClient jdbc;
    private final Clock clock;

    LicensingDataOwner(JdbcClient jdbc, Clock clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    @Override
    public String name() {
        return "licensing";
    }

    /** Row-level security shows the bound tenant's rows and no others, also to the subquery. */
    @Override
    @Transactional
    public long erase(TenantId tenantId) {
        long leases = jdbc.sql("delete from licensing.seat_lease").update()
                + jdbc.sql("delete from licensing.lease_return").update()
                + jdbc.sql("delete from licensing.notice").update();
        jdbc.sql("""
                update licensing.pool_share set released_at = ?
                 where released_at is null and sub_license_id in (select id from licensing.sub_license)
                """).param(clock.instant().atOffset(ZoneOffset.UTC)).update();
        jdbc.sql("delete from licensing.plan_cut").update();
        jdbc.sql("delete from licensing.overage_interval").update();
        jdbc.sql("delete from licensing.consumption").update();
        jdbc.sql("delete from licensing.transfer").update();
        jdbc.sql("delete from licensing.sub_license_change").update();
        return leases + jdbc.sql("delete from licensing.sub_license").update();
    }
}
