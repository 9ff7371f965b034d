package io.garrison.tenancy;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The rows of the audit chains. Appending locks the chain's end until the transaction ends. */
@Component
class AuditEntries {

    private static final String COLUMNS = """
            tenant_id, index, at, actor_kind, actor_id, actor_name, origin, on_behalf, action, object_type, object_id,
            details, hash""";

    private final JdbcClient jdbc;
    private final SecretVault vault;

    AuditEntries(JdbcClient jdbc, SecretVault vault) {
        this.jdbc = jdbc;
        this.vault = vault;
    }

    /** What the end of a chain says: how many entries, the last link, and both sealed. */
    record Head(long entries, byte[] hash, byte[] seal) {}

    record Row(AuditEntry entry, byte[] hash) {}

    /** @param drafts of that house, not empty */
    void append(UUID house, List<AuditEntry> drafts) {
        var head = lock(house);
        var index = head.entries();
        var hash = head.hash();
        for (var draft : drafts) {
            index++;
            var entry = at(index, draft);
            hash = AuditChain.link(hash, entry);
            insert(house, entry, hash);
        }
        var seal = vault.seal(sealContext(house), AuditChain.head(index, hash));
        jdbc.sql("update tenancy.audit_chain set entries = ?, hash = ?, seal = ? where tenant_id = ?")
                .params(index, hash, seal, house)
                .update();
    }

    Optional<Head> head(UUID house) {
        return jdbc.sql("select entries, hash, seal from tenancy.audit_chain where tenant_id = ?")
                .param(house)
                .query((row, n) -> new Head(row.getLong("entries"), row.getBytes("hash"), row.getBytes("seal")))
                .optional();
    }

    /** The newest first. */
    List<AuditEntry> newest(UUID house, long before, int limit) {
        return jdbc.sql("select " + COLUMNS
                        + " from tenancy.audit_entry where tenant_id = ? and index < ? order by index desc limit ?")
                .params(house, before, limit)
                .query((row, n) -> row(row).entry())
                .list();
    }

    /** All rows of a chain in the order of their index; streamed, so that a long chain needs little memory. */
    void forEach(UUID house, Consumer<Row> reader) {
        jdbc.sql("select " + COLUMNS + " from tenancy.audit_entry where tenant_id = ? order by index")
                .param(house)
                .withFetchSize(1000)
                .query(row -> {
                    reader.accept(row(row));
                });
    }

    /** Every house that has, or should have, a chain; for the provider's role. */
    List<UUID> chains() {
        return jdbc.sql("""
                        select tenant_id from tenancy.audit_chain union select tenant_id from tenancy.audit_entry
                        order by tenant_id""")
                .query((row, n) -> row.getObject("tenant_id", UUID.class))
                .list();
    }

    static String sealContext(UUID house) {
        return "tenancy.audit_chain/" + house;
    }

    private Head lock(UUID house) {
        jdbc.sql("""
                        insert into tenancy.audit_chain (tenant_id, entries, hash, seal) values (?, 0, ?, ?)
                        on conflict do nothing""").params(house, AuditChain.start(), new byte[0]).update();
        return jdbc.sql("select entries, hash, seal from tenancy.audit_chain where tenant_id = ? for update")
                .param(house)
                .query((row, n) -> new Head(row.getLong("entries"), row.getBytes("hash"), row.getBytes("seal")))
                .single();
    }

    private void insert(UUID house, AuditEntry entry, byte[] hash) {
        var actor = entry.actor();
        jdbc.sql("insert into tenancy.audit_entry (" + COLUMNS + ") values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
                .param(house)
                .param(entry.index())
                .param(entry.at().atOffset(ZoneOffset.UTC))
                .param(actor.kind().name())
                .param(actor.id())
                .param(actor.name())
                .param(actor.origin())
                .param(actor.onBehalf())
                .param(entry.action())
                .param(entry.objectType())
                .param(entry.objectId())
                .param(entry.details())
                .param(hash)
                .update();
    }

    private static AuditEntry at(long index, AuditEntry draft) {
        return new AuditEntry(
                index,
                draft.tenantId(),
                draft.at(),
                draft.actor(),
                draft.action(),
                draft.objectType(),
                draft.objectId(),
                draft.details());
    }

    private static Row row(ResultSet row) throws SQLException {
        var actor = new Actor(
                Actor.Kind.valueOf(row.getString("actor_kind")),
                row.getString("actor_id"),
                row.getString("actor_name"),
                row.getString("origin"),
                row.getString("on_behalf"));
        var entry = new AuditEntry(
                row.getLong("index"),
                tenant(row.getObject("tenant_id", UUID.class)),
                row.getTimestamp("at").toInstant(),
                actor,
                row.getString("action"),
                row.getString("object_type"),
                row.getString("object_id"),
                row.getString("details"));
        return new Row(entry, row.getBytes("hash"));
    }

    private static @Nullable TenantId tenant(UUID house) {
        return house.equals(House.PROVIDER) ? null : new TenantId(house);
    }
}
