package io.garrison.licensing;

import io.garrison.licensing.LicenseException.UnknownSubLicense;
import io.garrison.licensing.file.LicenseFile;
import io.garrison.licensing.file.LicenseFile.Chain;
import io.garrison.licensing.file.MsspLicense;
import io.garrison.tenancy.CurrentTenant;
import io.garrison.tenancy.DeploymentMode;
import io.garrison.tenancy.TenantId;
import java.util.Objects;
import java.util.Optional;
import org.springframework.stereotype.Service;
import org.springframework.transaction.support.TransactionOperations;

/** Verifies before it asks the database, so that nobody learns from it which sub-licences there are. */
@Service
class IssuedSubLicenseService implements IssuedSubLicenses {

    private final VendorTrust trust;
    private final SubLicenseRecords records;
    private final Licenses licenses;
    private final LicenseTime time;
    private final TransactionOperations transactions;

    IssuedSubLicenseService(
            VendorTrust trust,
            SubLicenseRecords records,
            Licenses licenses,
            LicenseTime time,
            TransactionOperations transactions) {
        this.trust = trust;
        this.records = records;
        this.licenses = licenses;
        this.time = time;
        this.transactions = transactions;
    }

    @Override
    public Issued recognize(String file) {
        var text = file.strip();
        var chain = LicenseFile.readSubLicense(text, trust.keys());
        var tenant = new TenantId(chain.child().tenant());
        var issued = CurrentTenant.callAs(tenant, () -> transactions.execute(status -> of(chain)));
        if (issued == null) {
            throw new IllegalStateException("a transaction gave no result");
        }
        return issued;
    }

    private Issued of(Chain chain) {
        var shown = chain.child();
        var id = new SubLicenseId(shown.id());
        var stored = records.find(id).orElseThrow(UnknownSubLicense::new);
        if (records.isLoaded(id) || shown.serial() > stored.serial() || !isOurs(chain.parent(), stored.licenseId())) {
            throw new UnknownSubLicense();
        }
        return new Issued(
                new TenantId(shown.tenant()),
                id,
                DeploymentMode.valueOf(stored.mode()),
                shown.serial(),
                stored.stateAt(time.now()),
                stored.most(Metric.INSTANCES));
    }

    /** The vendor's other customers can sign whatever they like under licences of their own, with ids that they know. */
    private boolean isOurs(MsspLicense shown, LicenseId parent) {
        return shown.id().equals(parent.value())
                && licenses.find(parent)
                        .filter(ours -> ours.signingKeyId().equals(shown.signingKeyId()))
                        .isPresent();
    }

    @Override
    public Optional<String> newerFile(SubLicenseId id, long serial) {
        return Objects.requireNonNull(transactions.execute(status -> {
            var stored = records.find(id).orElseThrow(UnknownSubLicense::new);
            return stored.serial() > serial ? records.file(id) : Optional.<String>empty();
        }));
    }
}
