package io.garrison.tenancy;

import io.garrison.testing.TestPostgres;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.UUID;

/** A world for each test: its own tenant, its own people. */
final class TenancyFixture {

    static final String PASSWORD = "correct horse battery";

    private TenancyFixture() {}

    static SignedIn platformAdmin() {
        return SignedIn.staff(UUID.randomUUID(), "boss@provider.example", Role.PLATFORM_ADMIN);
    }

    static String anyEmail() {
        return "p" + UUID.randomUUID().toString().substring(0, 8) + "@example.com";
    }

    static TenantManagement.NewTenant newTenant() {
        return new TenantManagement.NewTenant(
                "Acme",
                "t" + UUID.randomUUID().toString().substring(0, 8),
                DeploymentMode.CLUSTER,
                "it@acme.example",
                "Europe/Berlin");
    }

    static TenantId anyTenant(TenantManagement tenants) {
        return as(platformAdmin(), () -> tenants.create(newTenant()).id());
    }

    static <R> R as(SignedIn who, ScopedValue.CallableOp<R, RuntimeException> op) {
        return SignedIn.callAs(who, "192.0.2.7", op);
    }

    static <R> R as(SignedIn who, TenantId tenant, ScopedValue.CallableOp<R, RuntimeException> op) {
        return as(who, () -> CurrentTenant.callAs(tenant, op));
    }

    static SignedIn admin(TenantId tenant) {
        return SignedIn.member(UUID.randomUUID(), "admin@acme.example", tenant, Role.TENANT_ADMIN);
    }

    /** Runs a statement as the database's superuser, past every policy. */
    static int superuser(String sql) {
        var postgres = TestPostgres.shared();
        try (var connection = DriverManager.getConnection(
                        postgres.url(), "postgres", postgres.passwords().superuser());
                var statement = connection.createStatement()) {
            return statement.executeUpdate(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
