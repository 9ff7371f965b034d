package io.garrison.licensing;

import io.garrison.licensing.file.LicenseFile;
import io.garrison.licensing.file.LicenseFile.Loaded;
import io.garrison.licensing.file.LicenseFile.SigningKey;
import io.garrison.tenancy.SecretVault;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The provider's licences. The signing key is sealed before it gets to the database. */
@Repository
class Licenses {

    private final JdbcClient jdbc;
    private final SecretVault vault;
    private final Map<LicenseId, LeaseKeys.Key> leaseKeys = new ConcurrentHashMap<>();

    Licenses(JdbcClient jdbc, SecretVault vault) {
        this.jdbc = jdbc;
        this.vault = vault;
    }

    /** @return false if it is there already */
    boolean insert(Loaded loaded, Instant at) {
        var license = loaded.license();
        var granted = license.entitlements();
        return jdbc.sql("""
                        insert into licensing.license (id, mssp, vendor_key_id, signing_key_id, signing_key, jws, deployment,
                            demo, valid_from, valid_until, instances, throughput_bps, virtual_services, features, loaded_at)
                        values (:id, :mssp, :vendorKey, :signingKeyId, :signingKey, :jws, :deployment,
                            :demo, :from, :until, :instances, :throughput, :services, :features, :at)
                        on conflict (id) do nothing
                        """)
                        .param("id", license.id())
                        .param("mssp", license.name())
                        .param("vendorKey", loaded.vendorKeyId())
                        .param("signingKeyId", license.signingKeyId())
                        .param(
                                "signingKey",
                                vault.seal(
                                        context(license.id()),
                                        loaded.signingKey().bytes()))
                        .param("jws", loaded.jws())
                        .param("deployment", license.deployment())
                        .param("demo", license.demo())
                        .param("from", Rows.utc(license.from()))
                        .param("until", Rows.utc(license.until()))
                        .param("instances", granted.instances())
                        .param("throughput", granted.throughputBps())
                        .param("services", granted.virtualServices())
                        .param("features", granted.features().toArray(String[]::new))
                        .param("at", Rows.utc(at))
                        .update()
                == 1;
    }

    Optional<LicenseSummary> find(LicenseId id) {
        return jdbc.sql("select * from licensing.license where id = ?")
                .param(id.value())
                .query(Licenses::summary)
                .optional();
    }

    List<LicenseSummary> page(@Nullable LicenseId after, int limit) {
        return jdbc.sql("""
                        select * from licensing.license
                        where :after::uuid is null
                            or (loaded_at, id) < (select loaded_at, id from licensing.license where id = :after::uuid)
                        order by loaded_at desc, id desc limit :limit
                        """)
                .param("after", after == null ? null : after.value())
                .param("limit", limit)
                .query(Licenses::summary)
                .list();
    }

    /** Locks the licence and with it its pool until the transaction ends. */
    Optional<LicenseSummary> lock(LicenseId id) {
        return jdbc.sql("update licensing.license set shares_cut = shares_cut + 1 where id = ? returning *")
                .param(id.value())
                .query(Licenses::summary)
                .optional();
    }

    /** The caller holds the lock. */
    void overcommit(LicenseId id, Overcommit overcommit) {
        jdbc.sql("""
                        update licensing.license set instances_overcommit = :instancesFactor,
                            throughput_bps_overcommit = :throughputFactor,
                            virtual_services_overcommit = :servicesFactor,
                            version = version + 1 where id = :id
                        """)
                .param("id", id.value())
                .params(Rows.overcommit(overcommit))
                .update();
    }

    /** @param jws the licence without its signing key */
    record Signer(String jws, SigningKey key) {}

    Signer signer(LicenseId id) {
        return jdbc.sql("select jws, signing_key from licensing.license where id = ?")
                .param(id.value())
                .query((row, number) -> new Signer(
                        row.getString("jws"),
                        new SigningKey(vault.open(context(id.value()), row.getBytes("signing_key")))))
                .single();
    }

    /** The key that signs leases under a licence, if it is here; kept, because it never changes. */
    Optional<LeaseKeys.Key> leaseKey(LicenseId id) {
        var known = leaseKeys.get(id);
        if (known != null) {
            return Optional.of(known);
        }
        var found = jdbc.sql(
                        "select signing_key_id, signing_key from licensing.license where id = ? and signing_key is not null")
                .param(id.value())
                .query((row, number) -> new LeaseKeys.Key(
                        row.getString("signing_key_id"),
                        LicenseFile.privateKey(
                                new SigningKey(vault.open(context(id.value()), row.getBytes("signing_key"))))))
                .optional();
        found.ifPresent(key -> leaseKeys.put(id, key));
        return found;
    }

    private static String context(UUID id) {
        return "licensing.signing-key/" + id;
    }

    private static LicenseSummary summary(ResultSet row, int number) throws SQLException {
        return new LicenseSummary(
                new LicenseId(Rows.uuid(row, "id")),
                row.getString("mssp"),
                Rows.instant(row, "valid_from"),
                Rows.instant(row, "valid_until"),
                Rows.entitlements(row),
                row.getObject("deployment", UUID.class),
                row.getBoolean("demo"),
                row.getString("signing_key_id"),
                Rows.instant(row, "loaded_at"),
                Rows.overcommit(row),
                row.getLong("version"));
    }
}
