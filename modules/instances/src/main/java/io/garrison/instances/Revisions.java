package io.garrison.instances;

import io.garrison.instances.PolicyManagement.RevisionSummary;
import io.garrison.protocol.Policy;
import io.garrison.protocol.PolicyBundle.CertificateReference;
import io.garrison.protocol.SignedBundle;
import io.garrison.tenancy.CurrentTenant;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The tables of drafts and revisions. */
@Repository
class Revisions {

    private final JdbcClient jdbc;

    Revisions(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    Optional<PolicyManagement.Draft> draft(StackId stack) {
        return jdbc.sql("""
                        select document, version, changed_at, changed_by from instances.policy_draft where stack_id = ?""")
                .param(stack.value())
                .query((row, n) -> new PolicyManagement.Draft(
                        Sql.read(row.getString("document"), Policy.class),
                        row.getLong("version"),
                        Sql.requiredInstant(row, "changed_at"),
                        row.getString("changed_by")))
                .optional();
    }

    void saveDraft(StackId stack, Policy policy, Instant now, String by) {
        jdbc.sql("""
                        update instances.policy_draft
                           set document = cast(? as json), version = version + 1, changed_at = ?, changed_by = ?
                         where stack_id = ?""").params(Sql.json(policy), Sql.time(now), by, stack.value()).update();
    }

    void insert(
            StackId stack,
            RevisionSummary summary,
            Policy policy,
            List<CertificateReference> certificates,
            SignedBundle signed) {
        jdbc.sql("""
                        insert into instances.revision
                            (tenant_id, stack_id, number, sha256, comment, published_at, published_by, rollback_of,
                             virtual_services, document, certificates, key_id, payload, signature)
                        values (?, ?, ?, ?, ?, ?, ?, ?, ?, cast(? as json), cast(? as jsonb), ?, ?, ?)""")
                .params(
                        CurrentTenant.require().value(),
                        stack.value(),
                        summary.number(),
                        summary.sha256(),
                        summary.comment(),
                        Sql.time(summary.publishedAt()),
                        summary.publishedBy())
                .param(summary.rollbackOf())
                .params(
                        summary.virtualServices(),
                        Sql.json(policy),
                        Sql.json(certificates),
                        signed.keyId(),
                        signed.payload(),
                        signed.signature())
                .update();
    }

    List<RevisionSummary> list(StackId stack, UUID incarnation, @Nullable Long before, int limit) {
        return jdbc.sql("""
                        select number, sha256, comment, published_at, published_by, rollback_of, virtual_services
                          from instances.revision
                         where stack_id = :stack and (cast(:before as bigint) is null or number < :before)
                         order by number desc limit :limit""")
                .param("stack", stack.value())
                .param("before", before)
                .param("limit", limit)
                .query((row, n) -> summary(row, incarnation))
                .list();
    }

    Optional<PolicyManagement.Revision> find(StackId stack, UUID incarnation, long number) {
        return jdbc.sql("""
                        select number, sha256, comment, published_at, published_by, rollback_of, virtual_services, document
                          from instances.revision where stack_id = ? and number = ?""")
                .params(stack.value(), number)
                .query((row, n) -> new PolicyManagement.Revision(
                        summary(row, incarnation), Sql.read(row.getString("document"), Policy.class)))
                .optional();
    }

    /** The policy of a revision; empty if there is none of that number. */
    Policy policy(StackId stack, long number) {
        return jdbc.sql("select document from instances.revision where stack_id = ? and number = ?")
                .params(stack.value(), number)
                .query((row, n) -> Sql.read(row.getString("document"), Policy.class))
                .optional()
                .orElse(Policy.EMPTY);
    }

    /** The certificates that a revision names, by content. */
    List<CertificateReference> certificates(StackId stack, long number) {
        return jdbc.sql("select certificates from instances.revision where stack_id = ? and number = ?")
                .params(stack.value(), number)
                .query((row, n) -> Arrays.asList(Sql.read(row.getString("certificates"), CertificateReference[].class)))
                .optional()
                .orElse(List.of());
    }

    Optional<SignedBundle> signed(StackId stack, long number) {
        return jdbc.sql("select key_id, payload, signature from instances.revision where stack_id = ? and number = ?")
                .params(stack.value(), number)
                .query((row, n) ->
                        new SignedBundle(row.getString("key_id"), row.getString("payload"), row.getString("signature")))
                .optional();
    }

    private static RevisionSummary summary(ResultSet row, UUID incarnation) throws SQLException {
        long rollbackOf = row.getLong("rollback_of");
        return new RevisionSummary(
                row.getLong("number"),
                incarnation,
                row.getString("sha256"),
                row.getString("comment"),
                row.getString("published_by"),
                Sql.requiredInstant(row, "published_at"),
                rollbackOf == 0 ? null : rollbackOf,
                row.getInt("virtual_services"));
    }
}
