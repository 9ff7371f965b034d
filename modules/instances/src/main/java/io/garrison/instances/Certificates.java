package io.garrison.instances;

import io.garrison.instances.CertificateManagement.CertificateSummary;
import io.garrison.instances.pki.KeyedChain;
import io.garrison.protocol.PolicyBundle.CertificateReference;
import io.garrison.protocol.ProtocolJson;
import io.garrison.tenancy.CurrentTenant;
import io.garrison.tenancy.SecretVault;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The tables of certificates; what is secret in them is sealed here and opened here. */
@Repository
class Certificates {

    private final JdbcClient jdbc;
    private final SecretVault vault;

    Certificates(JdbcClient jdbc, SecretVault vault) {
        this.jdbc = jdbc;
        this.vault = vault;
    }

    List<CertificateSummary> list(StackId stack) {
        return jdbc.sql("select * from instances.certificate where stack_id = ? order by name limit 500")
                .param(stack.value())
                .query(Certificates::summary)
                .list();
    }

    Optional<CertificateSummary> find(StackId stack, String name) {
        return jdbc.sql("select * from instances.certificate where stack_id = ? and name = ?")
                .params(stack.value(), name)
                .query(Certificates::summary)
                .optional();
    }

    int count(StackId stack) {
        return jdbc.sql("select count(*) from instances.certificate where stack_id = ?")
                .param(stack.value())
                .query(Integer.class)
                .single();
    }

    /** Every certificate of the stack, by content. */
    List<CertificateReference> references(StackId stack) {
        return jdbc.sql("select name, content_sha256 from instances.certificate where stack_id = ? order by name")
                .param(stack.value())
                .query((row, n) -> new CertificateReference(row.getString("name"), row.getString("content_sha256")))
                .list();
    }

    void insert(StackId stack, String name, KeyedChain chain, Instant now) {
        var content = store(stack, chain);
        try {
            jdbc.sql("""
                            insert into instances.certificate
                                (content_sha256, subject, issuer, hosts, key_type, leaf_sha256, not_before, not_after,
                                 chain_length, changed_at, tenant_id, stack_id, name)
                            values (?, ?, ?, cast(? as jsonb), ?, ?, ?, ?, ?, ?, ?, ?, ?)""")
                    .params(columns(content, chain, now))
                    .params(CurrentTenant.require().value(), stack.value(), name)
                    .update();
        } catch (DuplicateKeyException e) {
            throw new InstanceException.NameTaken("certificate", name);
        }
    }

    void update(StackId stack, String name, KeyedChain chain, Instant now) {
        var content = store(stack, chain);
        jdbc.sql("""
                        update instances.certificate
                           set content_sha256 = ?, subject = ?, issuer = ?, hosts = cast(? as jsonb), key_type = ?,
                               leaf_sha256 = ?, not_before = ?, not_after = ?, chain_length = ?, changed_at = ?,
                               version = version + 1
                         where stack_id = ? and name = ?""")
                .params(columns(content, chain, now))
                .params(stack.value(), name)
                .update();
    }

    void delete(StackId stack, String name) {
        jdbc.sql("delete from instances.certificate where stack_id = ? and name = ?")
                .params(stack.value(), name)
                .update();
    }

    private static List<Object> columns(String content, KeyedChain chain, Instant now) {
        var leaf = chain.leaf();
        return List.of(
                content,
                shortened(leaf.getSubjectX500Principal().getName()),
                shortened(leaf.getIssuerX500Principal().getName()),
                Sql.json(chain.hosts()),
                chain.keyType(),
                ProtocolJson.sha256Hex(InstallationKeys.encoded(leaf)),
                Sql.time(leaf.getNotBefore().toInstant()),
                Sql.time(leaf.getNotAfter().toInstant()),
                chain.chain().size(),
                Sql.time(now));
    }

    private static String shortened(String name) {
        var clean = name.replace('\0', '?');
        return clean.length() <= 500 ? clean : clean.substring(0, 500);
    }

    private String store(StackId stack, KeyedChain chain) {
        var pem = chain.pem();
        var sha256 = ProtocolJson.sha256Hex(pem);
        jdbc.sql("""
                        insert into instances.certificate_content (tenant_id, stack_id, sha256, sealed)
                        values (?, ?, ?, ?) on conflict do nothing""")
                .params(
                        CurrentTenant.require().value(),
                        stack.value(),
                        sha256,
                        vault.seal(context(stack, sha256), pem.getBytes(StandardCharsets.UTF_8)))
                .update();
        return sha256;
    }

    /** The chain and its key in PEM. */
    Optional<String> open(StackId stack, String sha256) {
        return jdbc.sql("select sealed from instances.certificate_content where stack_id = ? and sha256 = ?")
                .params(stack.value(), sha256)
                .query((row, n) ->
                        new String(vault.open(context(stack, sha256), row.getBytes("sealed")), StandardCharsets.UTF_8))
                .optional();
    }

    private static String context(StackId stack, String sha256) {
        return "instances.certificate_content/%s/%s/%s".formatted(CurrentTenant.require(), stack, sha256);
    }

    /** Forgets contents that neither a certificate nor one of these references needs. */
    void prune(StackId stack, List<CertificateReference> needed) {
        jdbc.sql("""
                        delete from instances.certificate_content c
                         where c.stack_id = :stack and not (c.sha256 = any(cast(:needed as text[])))
                           and not exists (select from instances.certificate k
                                            where k.stack_id = :stack and k.content_sha256 = c.sha256)""")
                .param("stack", stack.value())
                .param(
                        "needed",
                        needed.stream().map(CertificateReference::sha256).toArray(String[]::new))
                .update();
    }

    private static CertificateSummary summary(ResultSet row, int number) throws SQLException {
        return new CertificateSummary(
                row.getString("name"),
                row.getString("subject"),
                row.getString("issuer"),
                Arrays.asList(Sql.read(row.getString("hosts"), String[].class)),
                row.getString("key_type"),
                row.getString("leaf_sha256"),
                Sql.requiredInstant(row, "not_before"),
                Sql.requiredInstant(row, "not_after"),
                row.getInt("chain_length"),
                Sql.requiredInstant(row, "changed_at"),
                row.getLong("version"));
    }
}
