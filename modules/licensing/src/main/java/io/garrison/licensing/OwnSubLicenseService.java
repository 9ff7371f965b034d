package io.garrison.licensing;

import io.garrison.licensing.FederationGateway.Address;
import io.garrison.licensing.file.LicenseFile;
import io.garrison.tenancy.DeploymentRules;
import io.garrison.tenancy.ProviderScope;
import io.garrison.tenancy.TenantId;
import java.util.Objects;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.support.TransactionOperations;

@Service
class OwnSubLicenseService implements OwnSubLicense {

    private final VendorTrust trust;
    private final DeploymentRules rules;
    private final JdbcClient jdbc;
    private final TransactionOperations transactions;

    OwnSubLicenseService(
            VendorTrust trust, DeploymentRules rules, JdbcClient jdbc, TransactionOperations transactions) {
        this.trust = trust;
        this.rules = rules;
        this.jdbc = jdbc;
        this.transactions = transactions;
    }

    @Override
    public Optional<Held> held() {
        if (rules.manySubLicenses()) {
            return Optional.empty();
        }
        return ProviderScope.call(() -> Objects.requireNonNull(transactions.execute(status -> file())))
                .map(this::held);
    }

    private Optional<String> file() {
        return jdbc.sql("select jws from licensing.sub_license where loaded_at is not null limit 1")
                .query(String.class)
                .optional();
    }

    private Held held(String file) {
        var claims = LicenseFile.readSubLicense(file, trust.keys()).child();
        var federation = claims.federation();
        return new Held(
                new TenantId(claims.tenant()),
                new SubLicenseId(claims.id()),
                claims.serial(),
                file,
                federation == null ? null : new Address(federation.url(), federation.caSha256()));
    }
}
