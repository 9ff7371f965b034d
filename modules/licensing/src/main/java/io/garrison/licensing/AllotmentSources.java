package io.garrison.licensing;

import io.garrison.licensing.AllotmentException.NotAllotted;
import io.garrison.licensing.AllotmentException.ResellerSuspended;
import io.garrison.tenancy.ResellerDirectory;
import io.garrison.tenancy.ResellerId;
import io.garrison.tenancy.ResellerState;
import io.garrison.tenancy.ResellerTies;
import io.garrison.tenancy.TenantId;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** From where a sub-licence is cut: a tenant of a reseller draws from what the reseller has, others from the licence. */
@Component
class AllotmentSources implements ResellerTies {

    private final Allotments allotments;
    private final ResellerDirectory resellers;
    private final JdbcClient jdbc;
    private final Installation installation;

    AllotmentSources(Allotments allotments, ResellerDirectory resellers, JdbcClient jdbc, Installation installation) {
        this.installation = installation;
        this.allotments = allotments;
        this.resellers = resellers;
        this.jdbc = jdbc;
    }

    /**
     * Where a new sub-licence of the tenant comes from. It cannot change its reseller until the transaction ends.
     *
     * @return null for the licence itself
     * @throws NotAllotted if its reseller has nothing of the licence
     * @throws ResellerSuspended if its reseller is suspended
     */
    @Nullable
    AllotmentSummary forNew(TenantId tenant, LicenseId license) {
        var reseller = resellers.ofTenant(tenant);
        if (reseller.isEmpty()) {
            return null;
        }
        requireActive(reseller.get());
        return allotments.of(reseller.get(), license).orElseThrow(NotAllotted::new);
    }

    /** What the share of a sub-licence is cut from; null for the licence itself. */
    @Nullable
    AllotmentSummary of(SubLicenseId holder) {
        return allotments.behind(holder).orElse(null);
    }

    /**
     * Whether more may be cut from it.
     *
     * @throws NotAllotted if it was released
     * @throws ResellerSuspended if its reseller is suspended
     */
    void requireOpen(AllotmentSummary allotment) {
        if (allotment.releasedAt() != null) {
            throw new NotAllotted();
        }
        requireActive(allotment.reseller());
    }

    private void requireActive(ResellerId reseller) {
        if (resellers.state(reseller).filter(ResellerState.ACTIVE::equals).isEmpty()) {
            throw new ResellerSuspended();
        }
    }

    /** One that is over counts too, because it can be renewed; one that is revoked, until its share has gone back. */
    @Override
    public long ofTenant() {
        return jdbc.sql("""
                        select count(*) from licensing.sub_license s
                        join licensing.pool_share p on p.sub_license_id = s.id
                        where p.allotment_id is not null and p.released_at is null
                            and (s.revoked_at is null or p.held_until > ?)
                        """)
                .param(Rows.utc(installation.now()))
                .query(Long.class)
                .single();
    }

    @Override
    public long ofReseller(ResellerId reseller) {
        return allotments.heldBy(reseller);
    }
}
