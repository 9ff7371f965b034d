package io.garrison.instances;

import io.garrison.instances.ShareRow.Grant;
import io.garrison.instances.ShareRow.Rate;
import io.garrison.instances.ShareRow.Reading;
import io.garrison.licensing.SubLicenseId;
import io.garrison.protocol.Report;
import io.garrison.tenancy.CurrentTenant;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The bound tenant's shares of throughput. */
@Repository
class ThroughputRows {

    /**
     * Who was heard of so recently passes traffic, with a seat or without; who was not is silent. That is twelve heartbeats
     * and more than an agent waits between tries, so no lost report and no restart of an agent or of management makes an
     * instance silent; and it is about as long as clients that went to another instance should have to wait.
     */
    static final Duration HEARD = Duration.ofMinutes(1);

    private final JdbcClient jdbc;

    ThroughputRows(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Holds the split until the transaction ends. */
    void lockSplit(SubLicenseId subLicense) {
        jdbc.sql("""
                        insert into instances.throughput_split (tenant_id, sub_license_id) values (?, ?)
                        on conflict do nothing""")
                .params(CurrentTenant.require().value(), subLicense.value())
                .update();
        jdbc.sql("select told_bps from instances.throughput_split where sub_license_id = ? for update")
                .param(subLicense.value())
                .query(Long.class)
                .single();
    }

    /** Whether licensing was not told yet of what ended then. */
    boolean isUntold(SubLicenseId subLicense, Instant end) {
        return jdbc.sql("""
                        select coalesce(told_until < ?, true) from instances.throughput_split
                         where sub_license_id = ?""")
                .params(Sql.time(end), subLicense.value())
                .query(Boolean.class)
                .single();
    }

    void told(SubLicenseId subLicense, long bps, Instant end) {
        jdbc.sql("update instances.throughput_split set told_bps = ?, told_until = ? where sub_license_id = ?")
                .params(bps, Sql.time(end), subLicense.value())
                .update();
    }

    Optional<ShareRow> find(InstanceId instance) {
        return jdbc.sql("select * from instances.throughput_share where instance_id = ? for update")
                .param(instance.value())
                .query(ThroughputRows::row)
                .optional();
    }

    /**
     * The other instances that may be passing traffic: who holds a seat, heard of or not, and who was heard of just now.
     * An agent that reports, and does not limit, has no part in the split. Nobody is silent to one that was not heard of
     * for as long: it may be management that was away.
     */
    List<ShareGrants.Member> others(SubLicenseId subLicense, InstanceId self, Instant now) {
        return jdbc.sql("""
                        select i.id, i.stack_id, t.granted_bps, t.held_bps, t.demand_bps, t.hungry,
                               b.last_seen <= :heard and exists (
                                   select 1 from instances.throughput_share o
                                    where o.instance_id = :self and o.reported_at > :heard) as silent
                          from instances.instance i
                          join instances.stack s on s.tenant_id = i.tenant_id and s.id = i.stack_id
                          left join instances.throughput_share t on t.tenant_id = i.tenant_id and t.instance_id = i.id
                          left join instances.heartbeat b on b.tenant_id = i.tenant_id and b.instance_id = i.id
                         where s.sub_license_id = :subLicense and i.id <> :self and i.lifecycle <> 'RETIRED'
                           and (i.seat_until > :now or b.last_seen > :heard)
                           and (t.instance_id is not null or b.last_seen is null)""")
                .param("subLicense", subLicense.value())
                .param("self", self.value())
                .param("now", Sql.time(now))
                .param("heard", Sql.time(now.minus(HEARD)))
                .query((row, n) -> new ShareGrants.Member(
                        new InstanceId(Sql.uuid(row, "id")),
                        new StackId(Sql.uuid(row, "stack_id")),
                        bps(row, "granted_bps"),
                        bps(row, "held_bps"),
                        row.getLong("demand_bps"),
                        row.getBoolean("hungry"),
                        row.getBoolean("silent")))
                .list();
    }

    void save(ShareRow row, Instant now) {
        var told = row.told();
        jdbc.sql("""
                        insert into instances.throughput_share
                            (tenant_id, instance_id, number, granted_bps, held_bps, demand_bps, hungry, boot_id,
                             report_sequence, measured_ms, bytes_in, bytes_out, in_bps, out_bps, peak_in_bps, peak_out_bps,
                             enforcement, reason, reported_at)
                        values (:tenant, :instance, :number, :granted, :held, :demand, :hungry, :boot, :sequence, :measured,
                             :bytesIn, :bytesOut, :in, :out, :peakIn, :peakOut, :enforcement, :reason, :now)
                        on conflict (tenant_id, instance_id) do update set
                            number = :number, granted_bps = :granted, held_bps = :held, demand_bps = :demand,
                            hungry = :hungry, boot_id = :boot, report_sequence = :sequence, measured_ms = :measured,
                            bytes_in = :bytesIn, bytes_out = :bytesOut, in_bps = :in, out_bps = :out,
                            peak_in_bps = :peakIn, peak_out_bps = :peakOut, enforcement = :enforcement,
                            reason = :reason, reported_at = :now""")
                .param("tenant", CurrentTenant.require().value())
                .param("instance", row.instance().value())
                .param("number", row.grant().number())
                .param("granted", row.grant().bps())
                .param("held", row.grant().heldBps())
                .param("demand", row.rate().demandBps())
                .param("hungry", row.rate().hungry())
                .param("boot", row.reading().bootId())
                .param("sequence", row.reading().sequence())
                .param("measured", row.reading().measuredMs())
                .param("bytesIn", row.reading().bytesIn())
                .param("bytesOut", row.reading().bytesOut())
                .param("in", row.rate().inBps())
                .param("out", row.rate().outBps())
                .param("peakIn", told.peakInBps())
                .param("peakOut", told.peakOutBps())
                .param("enforcement", Told.text(told.enforcement(), 16))
                .param("reason", Told.textOrNull(told.reason(), 200))
                .param("now", Sql.time(now))
                .update();
    }

    private static ShareRow row(ResultSet row, int number) throws SQLException {
        var grant = new Grant(row.getLong("number"), bps(row, "granted_bps"), bps(row, "held_bps"));
        var reading = new Reading(
                Sql.uuid(row, "boot_id"),
                row.getLong("report_sequence"),
                row.getLong("measured_ms"),
                row.getLong("bytes_in"),
                row.getLong("bytes_out"));
        var rate = new Rate(
                row.getLong("in_bps"),
                row.getLong("out_bps"),
                row.getLong("demand_bps"),
                row.getBoolean("hungry"),
                null);
        var told = new Report.Throughput(
                grant.number(),
                grant.bps(),
                row.getString("enforcement"),
                row.getString("reason"),
                reading.measuredMs(),
                reading.bytesIn(),
                reading.bytesOut(),
                row.getLong("peak_in_bps"),
                row.getLong("peak_out_bps"));
        return new ShareRow(new InstanceId(Sql.uuid(row, "instance_id")), grant, reading, rate, told);
    }

    private static @Nullable Long bps(ResultSet row, String column) throws SQLException {
        return row.getObject(column, Long.class);
    }
}
