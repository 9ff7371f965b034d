package io.garrison.licensing;

import static io.garrison.licensing.LicensingWorld.asAdmin;
import static io.garrison.licensing.LicensingWorld.instances;
import static io.garrison.licensing.LicensingWorld.licence;

import io.garrison.SettableClock;
import io.garrison.licensing.AllotmentAdministration.Portion;
import io.garrison.licensing.LicensePool.Count;
import io.garrison.tenancy.DeploymentMode;
import io.garrison.tenancy.ResellerId;
import io.garrison.tenancy.ResellerManagement;
import io.garrison.tenancy.ResellerManagement.NewReseller;
import io.garrison.tenancy.ResellerState;
import io.garrison.tenancy.TenantId;
import io.garrison.tenancy.TenantManagement;
import io.garrison.tenancy.TenantManagement.NewTenant;
import java.math.BigDecimal;
import java.util.Map;
import java.util.UUID;
import org.springframework.stereotype.Component;

/** What the provider does with a licence before a test begins. */
@Component
public class LicensingFixture {

    private final LicenseAdministration licenses;
    private final LicenseOvercommit overcommit;
    private final AllotmentAdministration allotments;
    private final SubLicenseAdministration subLicenses;
    private final ResellerManagement resellers;
    private final TenantManagement tenants;
    private final SettableClock clock;

    LicensingFixture(
            LicenseAdministration licenses,
            LicenseOvercommit overcommit,
            AllotmentAdministration allotments,
            SubLicenseAdministration subLicenses,
            ResellerManagement resellers,
            TenantManagement tenants,
            SettableClock clock) {
        this.licenses = licenses;
        this.overcommit = overcommit;
        this.allotments = allotments;
        this.subLicenses = subLicenses;
        this.resellers = resellers;
        this.tenants = tenants;
        this.clock = clock;
    }

    public LicenseSummary license(long seats) {
        return asAdmin(() -> licenses.load(licence(clock, instances(seats))));
    }

    /** One that may be given away so many times over. */
    LicenseSummary license(long seats, String factor) {
        var license = license(seats);
        return asAdmin(() -> overcommit.set(license.id(), times(factor), license.version()));
    }

    public ResellerId reseller() {
        var slug = "r" + UUID.randomUUID().toString().substring(0, 8);
        return asAdmin(() -> resellers.create(new NewReseller("Reseller", slug, "it@reseller.example")))
                .id();
    }

    void state(ResellerId reseller, ResellerState state) {
        asAdmin(() -> resellers.change(reseller, new ResellerManagement.Change(null, null, state), -1));
    }

    public TenantId tenantOf(ResellerId reseller) {
        var slug = "t" + UUID.randomUUID().toString().substring(0, 8);
        return asAdmin(() -> tenants.create(new NewTenant(
                        "Customer", slug, DeploymentMode.CENTRALIZED, "a@c.example", "UTC", reseller.value())))
                .id();
    }

    /** A tenant of the provider's own, that can be given to a reseller. */
    TenantId ownTenant() {
        var slug = "t" + UUID.randomUUID().toString().substring(0, 8);
        return asAdmin(() -> tenants.create(
                        new NewTenant("Customer", slug, DeploymentMode.CENTRALIZED, "a@c.example", "UTC")))
                .id();
    }

    public AllotmentSummary allot(ResellerId reseller, LicenseSummary license, long seats) {
        return allot(reseller, license, seats, "1");
    }

    AllotmentSummary allot(ResellerId reseller, LicenseSummary license, long seats, String factor) {
        return asAdmin(() -> allotments.allot(reseller, license.id(), portion(seats, factor)));
    }

    AllotmentSummary resize(AllotmentSummary allotment, long seats, String factor) {
        return asAdmin(() -> allotments.resize(allotment.reseller(), allotment.id(), portion(seats, factor), -1));
    }

    void release(AllotmentSummary allotment) {
        asAdmin(() -> {
            allotments.release(allotment.reseller(), allotment.id(), -1);
            return true;
        });
    }

    SubLicenseSummary allocate(TenantId tenant, LicenseSummary license, long seats) {
        return asAdmin(tenant, () -> subLicenses.allocate(LicensingWorld.share(license, instances(seats))));
    }

    /** Seats of the licence. */
    Count pool(LicenseSummary license) {
        return seats(asAdmin(() -> licenses.pool(license.id())));
    }

    /** Seats of the allotment. */
    Count pool(AllotmentSummary allotment) {
        return seats(asAdmin(() -> allotments.pool(allotment.reseller(), allotment.id())));
    }

    static Count seats(LicensePool pool) {
        return pool.lines().stream()
                .filter(Count.class::isInstance)
                .map(Count.class::cast)
                .filter(count -> count.metric() == Metric.INSTANCES)
                .findFirst()
                .orElseThrow();
    }

    static Count count(long limit, String factor, long allocated, long free) {
        return new Count(Metric.INSTANCES, limit, new Factor(new BigDecimal(factor)), allocated, free);
    }

    static Portion portion(long seats, String factor) {
        return new Portion(instances(seats), times(factor));
    }

    /** The same factor for all metrics. */
    static Overcommit times(String factor) {
        var times = new Factor(new BigDecimal(factor));
        return new Overcommit(
                Map.of(Metric.INSTANCES, times, Metric.THROUGHPUT_BPS, times, Metric.VIRTUAL_SERVICES, times));
    }
}
