package io.garrison.instances;

import io.garrison.licensing.SubLicenseId;
import io.garrison.protocol.SiteReport;
import io.garrison.tenancy.CurrentTenant;
import io.garrison.tenancy.TenantId;
import java.security.PublicKey;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The rows of sites: those of the bound tenant, or in the provider's scope those of all. */
@Component
class Sites {

    /** While management was away nobody could be heard, so silence counts from its start at the earliest. */
    private static final String STATE = """
            case when s.unbound_at is not null then 'UNBOUND'
                 when s.last_seen is null then 'BY_HAND'
                 when greatest(s.last_seen, :began) < :lost then 'LOST'
                 when greatest(s.last_seen, :began) < :suspect then 'SUSPECT'
                 else 'ONLINE' end""";

    private static final String SUMMARY = "select s.*, " + STATE + " as state from instances.site s";

    private final JdbcClient jdbc;
    private final FederationSettings settings;
    private final Clock clock;
    private final Instant began;

    Sites(JdbcClient jdbc, FederationSettings settings, Clock clock) {
        this.jdbc = jdbc;
        this.settings = settings;
        this.clock = clock;
        this.began = clock.instant();
    }

    /** What admission decides by. */
    record Row(UUID id, SubLicenseId subLicense, UUID installation, String keySha256, boolean isBound) {}

    /** Makes whoever binds to the sub-licence at the same time wait until the transaction ends. */
    void oneAfterTheOther(SubLicenseId subLicense) {
        jdbc.sql("select pg_advisory_xact_lock(hashtext('instances.site'), hashtext(?))")
                .param(subLicense.toString())
                .query(row -> {});
    }

    /** Every one that is or was bound to the sub-licence. */
    List<Row> ofSubLicense(SubLicenseId subLicense) {
        return jdbc.sql("select * from instances.site where sub_license_id = ? order by bound_at")
                .param(subLicense.value())
                .query(Sites::row)
                .list();
    }

    Optional<Row> find(UUID id) {
        return jdbc.sql("select * from instances.site where id = ?")
                .param(id)
                .query(Sites::row)
                .optional();
    }

    private static Row row(ResultSet row, int number) throws SQLException {
        return new Row(
                Sql.uuid(row, "id"),
                new SubLicenseId(Sql.uuid(row, "sub_license_id")),
                Sql.uuid(row, "installation_id"),
                row.getString("key_sha256"),
                row.getObject("unbound_at") == null);
    }

    /** @param facts what it says of itself */
    void insert(UUID id, SubLicenseId subLicense, UUID installation, PublicKey key, String keySha256, Facts facts) {
        jdbc.sql("""
                        insert into instances.site (tenant_id, id, sub_license_id, installation_id, key_sha256, public_key,
                            mode, version, bound_at, serial)
                        values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""")
                .params(
                        CurrentTenant.require().value(),
                        id,
                        subLicense.value(),
                        installation,
                        keySha256,
                        key.getEncoded(),
                        facts.mode(),
                        Told.text(facts.version(), 64),
                        Sql.time(clock.instant()),
                        facts.serial())
                .update();
    }

    record Facts(String mode, String version, long serial) {}

    void addCertificate(UUID site, String serial, Instant issuedAt, Instant notAfter) {
        jdbc.sql("""
                        insert into instances.site_certificate (tenant_id, serial, site_id, issued_at, not_after)
                        values (?, ?, ?, ?, ?)""")
                .params(CurrentTenant.require().value(), serial, site, Sql.time(issuedAt), Sql.time(notAfter))
                .update();
        jdbc.sql("delete from instances.site_certificate where site_id = ? and not_after < ?")
                .params(site, Sql.time(issuedAt))
                .update();
    }

    /** When this certificate of a bound site was issued; empty if it was not, or the site is bound no more. */
    Optional<Instant> issuedAt(SiteIdentity site, String serial) {
        return jdbc.sql("""
                        select c.issued_at from instances.site_certificate c join instances.site s on s.id = c.site_id
                         where c.serial = ? and s.id = ? and s.sub_license_id = ? and s.unbound_at is null""")
                .params(serial, site.siteId(), site.subLicenseId().value())
                .query((row, n) -> Sql.requiredInstant(row, "issued_at"))
                .optional();
    }

    void heard(UUID site, SiteReport report) {
        jdbc.sql("""
                        update instances.site set last_seen = ?, version = ?, serial = ?, report = cast(? as json)
                         where id = ? and unbound_at is null""")
                .params(Sql.time(clock.instant()), report.version(), report.serial(), Sql.json(report), site)
                .update();
    }

    void usageTaken(UUID site) {
        jdbc.sql("update instances.site set last_usage = ? where id = ?")
                .params(Sql.time(clock.instant()), site)
                .update();
    }

    Set<UUID> bound(TenantId tenant) {
        return Set.copyOf(jdbc.sql("select id from instances.site where tenant_id = ? and unbound_at is null")
                .param(tenant.value())
                .query((row, n) -> Sql.uuid(row, "id"))
                .list());
    }

    void delete(UUID site) {
        jdbc.sql("delete from instances.site_certificate where site_id = ?")
                .param(site)
                .update();
        jdbc.sql("delete from instances.site where id = ?").param(site).update();
    }

    /** @return whether it was bound */
    boolean unbind(UUID site) {
        jdbc.sql("delete from instances.site_certificate where site_id = ?")
                .param(site)
                .update();
        return jdbc.sql("update instances.site set unbound_at = ? where id = ? and unbound_at is null")
                        .params(Sql.time(clock.instant()), site)
                        .update()
                == 1;
    }

    Optional<SiteSummary> summary(UUID id) {
        return timed(jdbc.sql(SUMMARY + " where s.id = :id").param("id", id))
                .query(Sites::summary)
                .optional();
    }

    List<SiteSummary> page(@Nullable TenantId tenant, @Nullable SiteState state, @Nullable UUID after, int limit) {
        return timed(jdbc.sql("select * from (" + SUMMARY + """
                        ) s
                         where (cast(:tenant as uuid) is null or tenant_id = cast(:tenant as uuid))
                           and (cast(:state as text) is null or state = cast(:state as text))
                           and (cast(:after as uuid) is null or (bound_at, id) >
                               (select a.bound_at, a.id from instances.site a where a.id = cast(:after as uuid)))
                         order by bound_at, id limit :limit"""))
                .param("tenant", tenant == null ? null : tenant.value())
                .param("state", state == null ? null : state.name())
                .param("after", after)
                .param("limit", limit)
                .query(Sites::summary)
                .list();
    }

    private JdbcClient.StatementSpec timed(JdbcClient.StatementSpec statement) {
        var now = clock.instant();
        return statement
                .param("began", Sql.time(began))
                .param("suspect", Sql.time(now.minus(settings.suspectAfter())))
                .param("lost", Sql.time(now.minus(settings.lostAfter())));
    }

    private static SiteSummary summary(ResultSet row, int number) throws SQLException {
        var report = row.getString("report");
        return new SiteSummary(
                Sql.uuid(row, "id"),
                new TenantId(Sql.uuid(row, "tenant_id")),
                new SubLicenseId(Sql.uuid(row, "sub_license_id")),
                Sql.uuid(row, "installation_id"),
                row.getString("key_sha256"),
                row.getString("mode"),
                row.getString("version"),
                SiteState.valueOf(row.getString("state")),
                Sql.requiredInstant(row, "bound_at"),
                Sql.instant(row, "unbound_at"),
                Sql.instant(row, "last_seen"),
                Sql.instant(row, "last_usage"),
                row.getLong("serial"),
                report == null ? null : Sql.read(report, SiteReport.class));
    }
}
