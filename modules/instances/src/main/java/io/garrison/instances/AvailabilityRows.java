package io.garrison.instances;

import io.garrison.instances.availability.Planning.Peer;
import io.garrison.protocol.Availability;
import io.garrison.protocol.SignedBundle;
import io.garrison.tenancy.CurrentTenant;
import io.garrison.tenancy.SecretVault;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** What instances reported of their part in the stack, and the plans that were made for them. */
@Repository
class AvailabilityRows {

    private final JdbcClient jdbc;
    private final SecretVault vault;

    AvailabilityRows(JdbcClient jdbc, SecretVault vault) {
        this.jdbc = jdbc;
        this.vault = vault;
    }

    /** @param basis of what the plan was made; null if none was */
    record Row(
            @Nullable UUID bootId,
            long reportSequence,
            long planNumber,
            @Nullable String basis,
            byte @Nullable [] sealedPlan) {

        boolean isNewerThan(UUID boot, long sequence) {
            return boot.equals(bootId) && reportSequence >= sequence;
        }
    }

    /** @param planNumber newest that was made for it; 0 if none was */
    record Told(Availability availability, Instant at, long planNumber) {}

    /** Holds the row until the transaction ends, made if it was not there: plans of an instance come one after the other. */
    Row lock(EdgeIdentity of) {
        return locked(of.instanceId()).orElseGet(() -> {
            jdbc.sql("""
                            insert into instances.instance_availability (tenant_id, instance_id, stack_id)
                            values (?, ?, ?) on conflict do nothing""")
                    .params(
                            CurrentTenant.require().value(),
                            of.instanceId().value(),
                            of.stackId().value())
                    .update();
            return locked(of.instanceId()).orElseThrow();
        });
    }

    private Optional<Row> locked(InstanceId instance) {
        return jdbc.sql("select * from instances.instance_availability where instance_id = ? for update")
                .param(instance.value())
                .query((row, n) -> new Row(
                        row.getObject("boot_id", UUID.class),
                        row.getLong("report_sequence"),
                        row.getLong("plan_number"),
                        row.getString("plan_basis"),
                        row.getBytes("sealed_plan")))
                .optional();
    }

    /** @param address null keeps the one told last: to forget it would take this instance from its peers' plans */
    void report(
            InstanceId instance,
            @Nullable String address,
            Availability reported,
            UUID boot,
            long sequence,
            Instant now) {
        jdbc.sql("""
                        update instances.instance_availability
                           set address = coalesce(?, address), reported = cast(? as json), reported_at = ?, boot_id = ?,
                               report_sequence = ?
                         where instance_id = ?""")
                .param(address)
                .param(Sql.json(reported))
                .param(Sql.time(now))
                .param(boot)
                .param(sequence)
                .param(instance.value())
                .update();
    }

    void plan(InstanceId instance, long number, String basis, SignedBundle signed) {
        jdbc.sql("""
                        update instances.instance_availability set plan_number = ?, plan_basis = ?, sealed_plan = ?
                         where instance_id = ?""")
                .params(
                        number,
                        basis,
                        vault.seal(context(instance), Sql.json(signed).getBytes(StandardCharsets.UTF_8)),
                        instance.value())
                .update();
    }

    void delete(InstanceId instance) {
        jdbc.sql("delete from instances.instance_availability where instance_id = ?")
                .param(instance.value())
                .update();
    }

    /** The plan that there is holds for this too. */
    void basis(InstanceId instance, String basis) {
        jdbc.sql("update instances.instance_availability set plan_basis = ? where instance_id = ?")
                .params(basis, instance.value())
                .update();
    }

    @Nullable
    SignedBundle open(InstanceId instance, Row row) {
        var sealed = row.sealedPlan();
        return sealed == null
                ? null
                : Sql.read(
                        new String(vault.open(context(instance), sealed), StandardCharsets.UTF_8), SignedBundle.class);
    }

    private static String context(InstanceId instance) {
        return "instances.instance_availability/" + instance;
    }

    /** Version of the stack's settings; 0 before the first change. */
    long version(StackId stack) {
        return jdbc.sql("select version from instances.stack_ha where stack_id = ?")
                .param(stack.value())
                .query(Long.class)
                .optional()
                .orElse(0L);
    }

    /** Whether a plan was made for any who belongs to the stack. */
    boolean hasPlans(StackId stack) {
        return jdbc.sql("""
                        select exists (select 1 from instances.instance i
                          join instances.instance_availability a
                            on a.tenant_id = i.tenant_id and a.instance_id = i.id
                         where i.stack_id = ? and i.lifecycle not in ('QUARANTINED', 'RETIRED') and a.plan_number > 0)""").param(stack.value()).query(Boolean.class).single();
    }

    /** Who belongs to the stack, by id. */
    List<Peer> peers(StackId stack) {
        return jdbc.sql("""
                        select i.id, i.name, a.address from instances.instance i
                          left join instances.instance_availability a
                            on a.tenant_id = i.tenant_id and a.instance_id = i.id
                         where i.stack_id = ? and i.lifecycle not in ('QUARANTINED', 'RETIRED') order by i.id""")
                .param(stack.value())
                .query((row, n) -> new Peer(Sql.uuid(row, "id"), row.getString("name"), row.getString("address")))
                .list();
    }

    /** What the instances of the stack reported last, by id; without those that never did. */
    Map<UUID, Told> told(StackId stack) {
        var told = new TreeMap<UUID, Told>();
        jdbc.sql("""
                        select instance_id, reported, reported_at, plan_number from instances.instance_availability
                         where stack_id = ? and reported is not null""").param(stack.value()).query(row -> {
            told.put(Sql.uuid(row, "instance_id"), read(row));
        });
        return told;
    }

    private static Told read(ResultSet row) throws SQLException {
        return new Told(
                Sql.read(row.getString("reported"), Availability.class),
                Sql.requiredInstant(row, "reported_at"),
                row.getLong("plan_number"));
    }
}
