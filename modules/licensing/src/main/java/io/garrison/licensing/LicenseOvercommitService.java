package io.garrison.licensing;

import io.garrison.licensing.LicenseException.UnknownLicense;
import io.garrison.tenancy.Permission;
import io.garrison.tenancy.ProviderScope;
import io.garrison.tenancy.Requires;
import io.garrison.tenancy.http.EntityTag;
import java.util.Objects;
import org.springframework.stereotype.Service;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Works in the provider's scope, whose role alone may change how much there is to give away. */
@Service
class LicenseOvercommitService implements LicenseOvercommit {

    private final Licenses licenses;
    private final PoolShares shares;
    private final AllotmentNews news;
    private final Installation installation;
    private final TransactionTemplate transaction;

    LicenseOvercommitService(
            Licenses licenses,
            PoolShares shares,
            AllotmentNews news,
            Installation installation,
            PlatformTransactionManager transactions) {
        this.licenses = licenses;
        this.shares = shares;
        this.news = news;
        this.installation = installation;
        this.transaction = new TransactionTemplate(transactions);
    }

    @Override
    @Requires(Permission.LICENSE_MANAGE)
    public LicenseSummary set(LicenseId id, Overcommit overcommit, long seen) {
        return Objects.requireNonNull(
                ProviderScope.call(() -> transaction.execute(status -> change(id, overcommit, seen))));
    }

    private LicenseSummary change(LicenseId id, Overcommit overcommit, long seen) {
        var was = licenses.lock(id).orElseThrow(UnknownLicense::new);
        EntityTag.check(seen, was.version());
        new PoolLevel(null, was.entitlements(), overcommit, shares.held(id, installation.now()))
                .requireCapacity("overcommit");
        licenses.overcommit(id, overcommit);
        news.overcommitted(was, overcommit);
        return licenses.find(id).orElseThrow(UnknownLicense::new);
    }
}
