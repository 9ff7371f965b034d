package io.garrison.licensing;

import io.garrison.licensing.LeaseRule.IfLeasesBreak;
import io.garrison.licensing.LicenseException.UnknownSubLicense;
import io.garrison.tenancy.Permission;
import io.garrison.tenancy.Requires;
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
    private final SubLicenseChanges changes;
    private final SubLicenseOperations operations;
    private final SubLicenseNews news;

    SubLicenseService(
            SubLicenseRecords records,
            PoolAccess pools,
            SubLicenseChanges changes,
            SubLicenseOperations operations,
            SubLicenseNews news) {
        this.records = records;
        this.pools = pools;
        this.changes = changes;
        this.operations = operations;
        this.news = news;
    }

    @Override
    @Transactional
    @Requires(Permission.LICENSE_MANAGE)
    public SubLicenseSummary allocate(Allocation asked) {
        var id = new SubLicenseId(UUID.randomUUID());
        var license = pools.take(id, asked, changes.now());
        // Read again under the lock, so that sub-licences are dated in the order in which they were made.
        var now = changes.now();
        var made = changes.make(id, license, asked, now);
        news.allocated(made);
        return made.at(now);
    }

    @Override
    @Transactional(readOnly = true)
    @Requires(Permission.LICENSE_VIEW)
    public List<SubLicenseSummary> list(@Nullable SubLicenseId after, int limit) {
        var now = changes.now();
        return records.page(after, limit).stream().map(stored -> stored.at(now)).toList();
    }

    @Override
    @Transactional(readOnly = true)
    @Requires(Permission.LICENSE_VIEW)
    public SubLicenseSummary get(SubLicenseId id) {
        return records.find(id).orElseThrow(UnknownSubLicense::new).at(changes.now());
    }

    @Override
    @Transactional(readOnly = true)
    @Requires(Permission.LICENSE_EXPORT)
    public String file(SubLicenseId id) {
        return records.file(id).orElseThrow(UnknownSubLicense::new);
    }

    @Override
    @Transactional
    @Requires(Permission.LICENSE_MANAGE)
    public SubLicenseSummary revoke(SubLicenseId id) {
        return operations.revoke(id, new LeaseRule(IfLeasesBreak.GRACE, 0), null);
    }
}
