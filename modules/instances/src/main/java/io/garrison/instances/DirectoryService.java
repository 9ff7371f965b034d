package io.garrison.instances;

import io.garrison.licensing.SubLicenseId;
import io.garrison.tenancy.ProviderScope;
import io.garrison.tenancy.TenantId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

@Service
class DirectoryService implements InstanceDirectory {

    private static final int MAX = 10_000;

    private static final String ENTRY = """
            select i.tenant_id, i.stack_id, s.name as stack_name, s.sub_license_id, i.id, i.name, i.lifecycle
            """ + Instances.FROM;

    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;

    DirectoryService(JdbcClient jdbc, PlatformTransactionManager transactions) {
        this.jdbc = jdbc;
        this.transaction = new TransactionTemplate(transactions);
        this.transaction.setReadOnly(true);
    }

    @Override
    public Optional<Entry> instance(InstanceId id) {
        return read(jdbc.sql(ENTRY + " where i.id = ?").param(id.value()).query(DirectoryService::entry)).stream()
                .findFirst();
    }

    @Override
    public List<Entry> instances() {
        return read(jdbc.sql(ENTRY + " order by i.enrolled_at, i.id limit ?")
                .param(MAX)
                .query(DirectoryService::entry));
    }

    @Override
    public List<Entry> instancesOfAllTenants() {
        return ProviderScope.call(() -> read(
                jdbc.sql(ENTRY + " order by i.tenant_id, i.enrolled_at, i.id").query(DirectoryService::entry)));
    }

    @Override
    public Set<InstanceId> known(TenantId tenant, Collection<InstanceId> ids) {
        return Set.copyOf(
                read(jdbc.sql("select id from instances.instance where tenant_id = :tenant and id = any (:ids)")
                        .param("tenant", tenant.value())
                        .param("ids", ids.stream().map(InstanceId::value).toArray(UUID[]::new))
                        .query((row, n) -> new InstanceId(Sql.uuid(row, "id")))));
    }

    @Override
    public Map<InstanceId, Instant> retired(Collection<InstanceId> ids) {
        return read(jdbc.sql("""
                        select id, lifecycle_since from instances.instance
                         where lifecycle = 'RETIRED' and id = any (:ids)""")
                        .param("ids", ids.stream().map(InstanceId::value).toArray(UUID[]::new))
                        .query((row, n) -> Map.entry(
                                new InstanceId(Sql.uuid(row, "id")), Sql.requiredInstant(row, "lifecycle_since"))))
                .stream()
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    @Override
    public Optional<StackEntry> stack(StackId id) {
        return stacksWhere("id = ?", id.value()).stream().findFirst();
    }

    @Override
    public List<StackEntry> stacks() {
        return stacksWhere("deleted_at is null");
    }

    private List<StackEntry> stacksWhere(String condition, Object... values) {
        return read(jdbc.sql("select tenant_id, id, name, sub_license_id from instances.stack where " + condition
                        + " order by created_at, id")
                .params(values)
                .query((row, n) -> new StackEntry(
                        Stacks.tenant(row),
                        new StackId(Sql.uuid(row, "id")),
                        row.getString("name"),
                        new SubLicenseId(Sql.uuid(row, "sub_license_id")))));
    }

    private <T> List<T> read(JdbcClient.MappedQuerySpec<T> query) {
        return Objects.requireNonNull(transaction.execute(status -> query.list()));
    }

    private static Entry entry(ResultSet row, int number) throws SQLException {
        return new Entry(
                Stacks.tenant(row),
                new StackId(Sql.uuid(row, "stack_id")),
                row.getString("stack_name"),
                new SubLicenseId(Sql.uuid(row, "sub_license_id")),
                new InstanceId(Sql.uuid(row, "id")),
                row.getString("name"),
                LifecycleState.valueOf(row.getString("lifecycle")));
    }
}
