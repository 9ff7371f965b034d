package io.garrison.licensing;

import io.garrison.licensing.LicenseFileException.FileRefused;
import io.garrison.licensing.LicenseFileException.Flaw;
import io.garrison.licensing.file.LicenseFile;
import io.garrison.licensing.file.SubLicense;
import io.garrison.tenancy.CurrentTenant;
import io.garrison.tenancy.Permission;
import io.garrison.tenancy.ProviderScope;
import io.garrison.tenancy.Requires;
import org.springframework.stereotype.Service;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Runs in the provider's scope: it weighs the file against the sub-licences of all tenants and may have to make the
 * tenant, all in one transaction, so that nothing is half done.
 */
@Service
class SubLicenseLoadingService implements SubLicenseLoading {

    private final VendorTrust trust;
    private final SubLicenseArrivals arrivals;
    private final LoadedLimits limits;
    private final TransactionOperations transactions;

    SubLicenseLoadingService(
            VendorTrust trust, SubLicenseArrivals arrivals, LoadedLimits limits, TransactionOperations transactions) {
        this.trust = trust;
        this.arrivals = arrivals;
        this.limits = limits;
        this.transactions = transactions;
    }

    @Override
    @Requires(Permission.LICENSE_MANAGE)
    public LoadedSubLicense load(String file) {
        return load(file, false);
    }

    @Override
    @Requires(Permission.LICENSE_MANAGE)
    public LoadedSubLicense loadUnderAnyLicense(String file) {
        return load(file, true);
    }

    private LoadedSubLicense load(String file, boolean anyLicense) {
        var text = file.strip();
        if (!LicenseFile.isSubLicense(text)) {
            throw new FileRefused(
                    Flaw.MALFORMED,
                    "This is the licence of a provider, not a sub-licence. It is loaded under licences, in an installation of the provider's.");
        }
        var chain = LicenseFile.readSubLicense(text, trust.keys());
        trust.requireFit(chain.parent().demo());
        trust.requireOurMode(chain.child().mode());
        var loaded = ProviderScope.call(() -> transactions.execute(status -> take(chain.child(), text, anyLicense)));
        if (loaded == null) {
            throw new IllegalStateException("a transaction gave no result");
        }
        if (loaded.outcome() == Outcome.REPLACED) {
            CurrentTenant.runAs(
                    loaded.tenant().id(),
                    () -> transactions.executeWithoutResult(
                            status -> limits.settle(loaded.subLicense().id())));
        }
        return loaded;
    }

    private LoadedSubLicense take(SubLicense file, String text, boolean anyLicense) {
        var loaded = arrivals.take(file, text, anyLicense);
        if (loaded.outcome() == Outcome.REPLACED) {
            limits.cut(loaded.subLicense().id());
        }
        return loaded;
    }
}
