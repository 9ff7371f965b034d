package io.garrison.licensing;

import io.garrison.SettableClock;
import io.garrison.tenancy.CurrentTenant;
import io.garrison.tenancy.DeploymentMode;
import io.garrison.tenancy.TenantDirectory;
import io.garrison.tenancy.TenantId;
import io.garrison.tenancy.TenantState;
import io.garrison.tenancy.TenantSummary;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.springframework.context.annotation.Primary;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionOperations;

/** Tenants for tests: whoever is asked for exists, and is centralized. */
@Component
@Primary
public class TestTenants implements TenantDirectory {

    private final JdbcClient jdbc;
    private final TransactionOperations transactions;

    TestTenants(JdbcClient jdbc, TransactionOperations transactions) {
        this.jdbc = jdbc;
        this.transactions = transactions;
    }

    public TenantId any() {
        return new TenantId(UUID.randomUUID());
    }

    /**
     * Sets the clock to a full second that is not before the latest time that the database has seen, so that licences go
     * by it and not by another test. Leases end at full seconds.
     */
    public void catchUp(SettableClock clock) {
        var seen = jdbc.sql("select time_seen from licensing.installation")
                .query((row, number) -> Rows.instant(row, "time_seen"))
                .single();
        var now = seen.isAfter(clock.instant()) ? seen : clock.instant();
        var next = now.plusSeconds(1).truncatedTo(ChronoUnit.SECONDS);
        clock.move(Duration.between(clock.instant(), next));
    }

    @Override
    public Optional<TenantSummary> find(TenantId id) {
        return Optional.of(new TenantSummary(
                id,
                "customer",
                "Customer",
                DeploymentMode.CENTRALIZED,
                "admin@customer.example",
                ZoneId.of("UTC"),
                TenantState.ACTIVE,
                Instant.EPOCH,
                1));
    }

    @Override
    public List<TenantSummary> all() {
        return List.of();
    }

    @Override
    public List<TenantSummary> among(Collection<TenantId> ids) {
        return ids.stream().flatMap(id -> find(id).stream()).toList();
    }

    @Override
    public Set<TenantId> keep(Collection<TenantId> ids) {
        return among(ids).stream()
                .filter(tenant -> tenant.state() != TenantState.DELETING)
                .map(TenantSummary::id)
                .collect(Collectors.toSet());
    }

    List<String> audited(TenantId tenant) {
        return CurrentTenant.callAs(
                tenant,
                () -> transactions.execute(status -> jdbc.sql("select action from tenancy.audit_entry")
                        .query(String.class)
                        .list()));
    }
}
