package io.garrison.instances;

import io.garrison.instances.ConfigurationSync.Scope;
import io.garrison.instances.ConfigurationSync.Settings;
import io.garrison.instances.ConfigurationSync.Wish;
import io.garrison.tenancy.CurrentTenant;
import io.garrison.tenancy.SecretVault;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The tables of configuration sync: the settings with the sealed key, and what is remembered of each stack. */
@Repository
class SyncStore {

    private final JdbcClient jdbc;
    private final SecretVault vault;

    SyncStore(JdbcClient jdbc, SecretVault vault) {
        this.jdbc = jdbc;
        this.vault = vault;
    }

    Settings settings() {
        return settings("");
    }

    /**
     * Holds the settings until the transaction ends, and with them all that is remembered: what two installations do to
     * each other comes one after the other. Always taken before the lock of a stack.
     */
    Settings lockedSettings() {
        return settings(" for update");
    }

    private Settings settings(String lock) {
        return jdbc.sql("select * from instances.configuration_sync" + lock)
                .query((row, n) -> told(row))
                .optional()
                .orElse(Settings.NONE);
    }

    private static Settings told(ResultSet row) throws SQLException {
        var scope = EnumSet.of(Scope.POLICY);
        if (row.getBoolean("certificates")) {
            scope.add(Scope.CERTIFICATES);
        }
        return new Settings(
                row.getBoolean("enabled"),
                row.getBoolean("accept_remote"),
                row.getString("peer_host"),
                row.getInt("peer_port"),
                row.getInt("listen_port"),
                row.getBytes("sealed_key") != null,
                row.getInt("timeout_seconds"),
                scope,
                row.getLong("version"));
    }

    /** Without the key. */
    void save(Wish wish, Instant now, String by) {
        jdbc.sql("""
                        insert into instances.configuration_sync as old
                            (tenant_id, enabled, accept_remote, peer_host, peer_port, listen_port, timeout_seconds,
                             certificates, version, changed_at, changed_by)
                        values (?, ?, ?, ?, ?, ?, ?, ?, 1, ?, ?)
                        on conflict (tenant_id) do update
                           set enabled = excluded.enabled, accept_remote = excluded.accept_remote,
                               peer_host = excluded.peer_host, peer_port = excluded.peer_port,
                               listen_port = excluded.listen_port, timeout_seconds = excluded.timeout_seconds,
                               certificates = excluded.certificates, version = old.version + 1,
                               changed_at = excluded.changed_at, changed_by = excluded.changed_by""")
                .params(
                        CurrentTenant.require().value(),
                        wish.enabled(),
                        wish.acceptRemote(),
                        wish.peerHost(),
                        wish.peerPort(),
                        wish.listenPort(),
                        wish.timeoutSeconds(),
                        wish.scope().contains(Scope.CERTIFICATES),
                        Sql.time(now),
                        by)
                .update();
    }

    /** Of settings that are stored already. */
    void saveKey(String key) {
        jdbc.sql("update instances.configuration_sync set sealed_key = ?")
                .param(vault.seal(context(), key.getBytes(StandardCharsets.UTF_8)))
                .update();
    }

    Optional<byte[]> key() {
        return jdbc.sql("select sealed_key from instances.configuration_sync where sealed_key is not null")
                .query((row, n) -> vault.open(context(), row.getBytes("sealed_key")))
                .optional();
    }

    private static String context() {
        return "instances.configuration_sync/" + CurrentTenant.require();
    }

    /** By name of the stack. */
    Map<String, SyncMemory> memories() {
        var all = new TreeMap<String, SyncMemory>();
        jdbc.sql("select stack_name, memory from instances.configuration_sync_stack")
                .query((row, n) -> Map.entry(row.getString("stack_name"), read(row)))
                .list()
                .forEach(entry -> all.put(entry.getKey(), entry.getValue()));
        return all;
    }

    SyncMemory memory(String stack) {
        return jdbc.sql("select memory from instances.configuration_sync_stack where stack_name = ?")
                .param(stack)
                .query((row, n) -> read(row))
                .optional()
                .orElse(SyncMemory.NONE);
    }

    private static SyncMemory read(ResultSet row) throws SQLException {
        return Sql.read(row.getString("memory"), SyncMemory.class);
    }

    void remember(String stack, SyncMemory memory) {
        jdbc.sql("""
                        insert into instances.configuration_sync_stack (tenant_id, stack_name, memory)
                        values (?, ?, cast(? as json))
                        on conflict (tenant_id, stack_name) do update set memory = excluded.memory""")
                .params(CurrentTenant.require().value(), stack, Sql.json(memory))
                .update();
    }

    void forget(String stack) {
        jdbc.sql("delete from instances.configuration_sync_stack where stack_name = ?")
                .param(stack)
                .update();
    }
}
