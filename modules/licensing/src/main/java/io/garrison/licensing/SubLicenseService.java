package io.garrison.licensing;

import io.garrison.licensing.LicenseException.AlreadyRevoked;
import io.garrison.licensing.LicenseException.UnknownSubLicense;
import io.garrison.tenancy.Permission;
import io.garrison.tenancy.Requires;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/**
 * Runs bound to one tenant and as the application's own role, although an allocation weighs the shares of all tenants:
 * the licence and the shares stand in tables that name no tenant, so no query here needs to see beyond the wall, and the
 * provider's wider role stays out of it. The lock on the licence's row orders allocations of all tenants.
 */
@Service
class SubLicenseService implements SubLicenseAdministration {

    private final SubLicenseRecords records;
    private final PoolAccess pools;
    private final Issuer issuer;
    private final Installation installation;
    private final SubLicenseNews news;

    SubLicenseService(
            SubLicenseRecords records,
            PoolAccess pools,
            Issuer issuer,
            Installation installation,
            SubLicenseNews news) {
        this.records = records;
        this.pools = pools;
        this.issuer = issuer;
        this.installation = installation;
        this.news = news;
    }

    @Override
    @Transactional
    @Requires(Permission.LICENSE_MANAGE)
    public SubLicenseSummary allocate(Allocation asked) {
        var id = new SubLicenseId(UUID.randomUUID());
        var license = pools.take(id, asked, installation.now());
        // Read again under the lock, so that sub-licences are dated in the order in which they were made.
        var now = installation.now().truncatedTo(ChronoUnit.MICROS);
        var issued = issuer.issue(id, license, asked, now);
        records.insert(issued.subLicense(), issued.jws());
        news.allocated(issued.subLicense());
        return issued.subLicense().at(now);
    }

    @Override
    @Transactional(readOnly = true)
    @Requires(Permission.LICENSE_VIEW)
    public List<SubLicenseSummary> list(@Nullable SubLicenseId after, int limit) {
        var now = installation.now();
        return records.page(after, limit).stream().map(stored -> stored.at(now)).toList();
    }

    @Override
    @Transactional(readOnly = true)
    @Requires(Permission.LICENSE_VIEW)
    public SubLicenseSummary get(SubLicenseId id) {
        return records.find(id).orElseThrow(UnknownSubLicense::new).at(installation.now());
    }

    @Override
    @Transactional(readOnly = true)
    @Requires(Permission.LICENSE_VIEW)
    public String file(SubLicenseId id) {
        return records.file(id).orElseThrow(UnknownSubLicense::new);
    }

    @Override
    @Transactional
    @Requires(Permission.LICENSE_MANAGE)
    public SubLicenseSummary revoke(SubLicenseId id) {
        var found = records.lock(id).orElseThrow(UnknownSubLicense::new);
        records.requireIssuedHere(id);
        if (found.revokedAt() != null) {
            throw new AlreadyRevoked(found.revokedAt());
        }
        var now = installation.now().truncatedTo(ChronoUnit.MICROS);
        records.revoke(id, now);
        pools.giveBack(id, now);
        news.revoked(found, now);
        return get(id);
    }
}
