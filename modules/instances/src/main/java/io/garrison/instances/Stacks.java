package io.garrison.instances;

import io.garrison.instances.MovedConfiguration.MovedStack;
import io.garrison.licensing.SubLicenseId;
import io.garrison.protocol.Policy;
import io.garrison.tenancy.CurrentTenant;
import io.garrison.tenancy.TenantId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The table of stacks. Deleted ones are not found. */
@Repository
class Stacks {

    static final String SUMMARY = """
            select s.tenant_id, s.id, s.name, s.sub_license_id, s.traffic_mode, s.latest_revision, s.created_at, s.version,
                   s.retire_lost_after_hours,
                   count(i.id) filter (where i.lifecycle <> 'RETIRED') as instances,
                   count(i.id) filter (where i.lifecycle in ('ENROLLED', 'SYNCING', 'ONLINE', 'MAINTENANCE')) as connected
              from instances.stack s
              left join instances.instance i on i.tenant_id = s.tenant_id and i.stack_id = s.id
             where s.deleted_at is null
            """;
    static final String GROUPED = " group by s.tenant_id, s.id ";

    private final JdbcClient jdbc;

    Stacks(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** What the services decide by. */
    record Row(
            StackId id,
            String name,
            SubLicenseId subLicense,
            UUID incarnation,
            long latestRevision,
            @Nullable String latestSha256,
            int retireLostAfterHours,
            long version) {}

    /** Makes the stack with an empty draft. @throws InstanceException.NameTaken if the name is used */
    void insert(StackId id, String name, SubLicenseId subLicense, TrafficMode mode, Instant now, String by) {
        var tenant = CurrentTenant.require().value();
        try {
            jdbc.sql("""
                            insert into instances.stack
                                (tenant_id, id, name, sub_license_id, traffic_mode, incarnation, created_at)
                            values (?, ?, ?, ?, ?, ?, ?)""")
                    .params(tenant, id.value(), name, subLicense.value(), mode.name(), UUID.randomUUID(), Sql.time(now))
                    .update();
        } catch (DuplicateKeyException e) {
            throw new InstanceException.NameTaken("stack", name);
        }
        insertDraft(id, Policy.EMPTY, now, by);
    }

    void insertDraft(StackId id, Policy policy, Instant now, String by) {
        jdbc.sql("""
                        insert into instances.policy_draft (tenant_id, stack_id, document, changed_at, changed_by)
                        values (?, ?, cast(? as json), ?, ?)""")
                .params(CurrentTenant.require().value(), id.value(), Sql.json(policy), Sql.time(now), by)
                .update();
    }

    /**
     * Makes a stack that was elsewhere before, or here until it was deleted, with what it is known by; what was published
     * last counts as not published here. A number that was given here is not given again, even if the file is older:
     * instances hold the revision that had it first.
     *
     * @return whether there was none
     * @throws InstanceException.NameTaken if the name is used
     */
    boolean insertMoved(MovedStack moved, SubLicenseId subLicense, long revision, Instant now) {
        try {
            return jdbc.sql("""
                            insert into instances.stack as old (tenant_id, id, name, sub_license_id, traffic_mode,
                                incarnation, latest_revision, created_at)
                            values (:tenant, :id, :name, :subLicense, :mode, :incarnation, :revision, :now)
                            on conflict (tenant_id, id) do update
                               set name = excluded.name, sub_license_id = excluded.sub_license_id,
                                   traffic_mode = excluded.traffic_mode, incarnation = excluded.incarnation,
                                   latest_revision = case when old.incarnation = excluded.incarnation
                                       then greatest(old.latest_revision, excluded.latest_revision)
                                       else excluded.latest_revision end,
                                   latest_sha256 = null,
                                   version = old.version + 1, deleted_at = null
                             where old.deleted_at is not null""")
                            .param("tenant", CurrentTenant.require().value())
                            .param("id", moved.id())
                            .param("name", moved.name())
                            .param("subLicense", subLicense.value())
                            .param("mode", moved.trafficMode().name())
                            .param("incarnation", moved.incarnation())
                            .param("revision", revision)
                            .param("now", Sql.time(now))
                            .update()
                    == 1;
        } catch (DuplicateKeyException e) {
            throw new InstanceException.NameTaken("stack", moved.name());
        }
    }

    boolean isNameTaken(String name) {
        return jdbc.sql("select exists (select from instances.stack where name = ? and deleted_at is null)")
                .param(name)
                .query(Boolean.class)
                .single();
    }

    Optional<StackSummary> summary(StackId id) {
        return jdbc.sql(SUMMARY + " and s.id = ?" + GROUPED)
                .param(id.value())
                .query(Stacks::summary)
                .optional();
    }

    List<StackSummary> summaries(@Nullable StackId after, int limit) {
        return jdbc.sql(SUMMARY + """
                         and (cast(:after as uuid) is null or (s.created_at, s.id) >
                              (select a.created_at, a.id from instances.stack a where a.id = cast(:after as uuid)))
                        """ + GROUPED + " order by s.created_at, s.id limit :limit")
                .param("after", after == null ? null : after.value())
                .param("limit", limit)
                .query(Stacks::summary)
                .list();
    }

    Optional<Row> find(StackId id) {
        return find(id, "");
    }

    /** @throws InstanceException.NotFound if the bound tenant has none such */
    Row require(StackId id) {
        return find(id, "").orElseThrow(InstanceException.NotFound::new);
    }

    /**
     * Holds the row until the transaction ends: what changes a stack's history comes one after the other.
     *
     * @throws InstanceException.NotFound if the bound tenant has none such
     */
    Row requireLocked(StackId id) {
        return find(id, " for update").orElseThrow(InstanceException.NotFound::new);
    }

    private Optional<Row> find(StackId id, String lock) {
        return jdbc.sql("""
                        select id, name, sub_license_id, incarnation, latest_revision, latest_sha256,
                               retire_lost_after_hours, version
                          from instances.stack where id = ? and deleted_at is null""" + lock)
                .param(id.value())
                .query((row, n) -> new Row(
                        new StackId(Sql.uuid(row, "id")),
                        row.getString("name"),
                        new SubLicenseId(Sql.uuid(row, "sub_license_id")),
                        Sql.uuid(row, "incarnation"),
                        row.getLong("latest_revision"),
                        row.getString("latest_sha256"),
                        row.getInt("retire_lost_after_hours"),
                        row.getLong("version")))
                .optional();
    }

    void rename(StackId id, String name) {
        try {
            jdbc.sql("update instances.stack set name = ?, version = version + 1 where id = ?")
                    .params(name, id.value())
                    .update();
        } catch (DuplicateKeyException e) {
            throw new InstanceException.NameTaken("stack", name);
        }
    }

    void retireLostAfter(StackId id, int hours) {
        jdbc.sql("update instances.stack set retire_lost_after_hours = ?, version = version + 1 where id = ?")
                .params(hours, id.value())
                .update();
    }

    void delete(StackId id, Instant now) {
        for (var table : List.of(
                "policy_draft",
                "revision",
                "certificate",
                "certificate_content",
                "enrollment_token",
                "drill",
                "examination",
                "instance_event",
                "instance_availability",
                "network_claim",
                "virtual_router",
                "instance_ha",
                "stack_ha")) {
            jdbc.sql("delete from instances.%s where stack_id = ?".formatted(table))
                    .param(id.value())
                    .update();
        }
        jdbc.sql("update instances.stack set deleted_at = ?, version = version + 1 where id = ?")
                .params(Sql.time(now), id.value())
                .update();
    }

    void publish(StackId id, long revision, String sha256) {
        jdbc.sql("update instances.stack set latest_revision = ?, latest_sha256 = ? where id = ?")
                .params(revision, sha256, id.value())
                .update();
    }

    /** Virtual services that the other stacks of the sub-licence have published. */
    long virtualServicesOfOthers(SubLicenseId subLicense, StackId self) {
        return jdbc.sql("""
                        select coalesce(sum(r.virtual_services), 0) from instances.stack s
                          join instances.revision r
                            on r.tenant_id = s.tenant_id and r.stack_id = s.id and r.number = s.latest_revision
                         where s.sub_license_id = ? and s.id <> ? and s.deleted_at is null""")
                .params(subLicense.value(), self.value())
                .query(Long.class)
                .single();
    }

    static StackSummary summary(ResultSet row, int number) throws SQLException {
        return new StackSummary(
                new StackId(Sql.uuid(row, "id")),
                row.getString("name"),
                new SubLicenseId(Sql.uuid(row, "sub_license_id")),
                TrafficMode.valueOf(row.getString("traffic_mode")),
                row.getLong("latest_revision"),
                row.getInt("instances"),
                row.getInt("connected"),
                row.getInt("retire_lost_after_hours"),
                Sql.requiredInstant(row, "created_at"),
                row.getLong("version"));
    }

    static TenantId tenant(ResultSet row) throws SQLException {
        return new TenantId(Sql.uuid(row, "tenant_id"));
    }
}
