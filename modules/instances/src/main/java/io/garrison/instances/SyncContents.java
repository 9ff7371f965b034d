package io.garrison.instances;

import io.garrison.instances.peer.Fingerprint;
import io.garrison.instances.peer.Peer.Certificate;
import io.garrison.instances.peer.Peer.Content;
import io.garrison.protocol.PolicyBundle.CertificateReference;
import io.garrison.protocol.ProtocolJson;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** What the stacks of the bound tenant serve, for comparing it and for handing it over. Drafts are none of it. */
@Component
class SyncContents {

    static final int MAX_STACKS = 500;

    private static final String SELECT = """
            select s.id, s.name, s.traffic_mode, s.latest_revision, s.latest_sha256, r.certificates,
                   coalesce(r.comment, '') as comment
              from instances.stack s
              left join instances.revision r
                on r.tenant_id = s.tenant_id and r.stack_id = s.id and r.number = s.latest_revision
             where s.deleted_at is null
            """;

    private final JdbcClient jdbc;
    private final Revisions revisions;
    private final Certificates certificates;

    SyncContents(JdbcClient jdbc, Revisions revisions, Certificates certificates) {
        this.jdbc = jdbc;
        this.revisions = revisions;
        this.certificates = certificates;
    }

    /**
     * @param comment of the newest revision
     * @param current absent if nothing is published
     */
    record Here(
            StackId id,
            String name,
            String trafficMode,
            long revision,
            String comment,
            @Nullable Fingerprint current) {}

    /** By name. */
    Map<String, Here> all(boolean withCertificates) {
        var all = new TreeMap<String, Here>();
        jdbc.sql(SELECT + " order by s.name limit " + MAX_STACKS)
                .query((row, n) -> here(row, withCertificates))
                .list()
                .forEach(here -> all.put(here.name(), here));
        return all;
    }

    Optional<Here> find(String name, boolean withCertificates) {
        return jdbc.sql(SELECT + " and s.name = ?")
                .param(name)
                .query((row, n) -> here(row, withCertificates))
                .optional();
    }

    private static Here here(ResultSet row, boolean withCertificates) throws SQLException {
        var policy = row.getString("latest_sha256");
        var references = row.getString("certificates");
        return new Here(
                new StackId(Sql.uuid(row, "id")),
                row.getString("name"),
                row.getString("traffic_mode"),
                row.getLong("latest_revision"),
                row.getString("comment"),
                policy == null
                        ? null
                        : new Fingerprint(
                                policy,
                                withCertificates
                                        ? digest(Arrays.asList(Sql.read(references, CertificateReference[].class)))
                                        : null));
    }

    /** Of certificates by name and content, in no particular order. */
    static String digest(List<CertificateReference> references) {
        return ProtocolJson.sha256Hex(references.stream()
                .sorted(Comparator.comparing(CertificateReference::name))
                .map(reference -> reference.name() + " " + reference.sha256() + "\n")
                .collect(Collectors.joining()));
    }

    /** @param whole with private keys */
    Content content(Here here, boolean whole) {
        var current = here.current();
        if (current == null) {
            throw new InstanceException.NotFound();
        }
        var named = current.certificates() == null
                ? List.<CertificateReference>of()
                : revisions.certificates(here.id(), here.revision());
        return new Content(
                here.name(),
                here.trafficMode(),
                current,
                here.revision(),
                here.comment(),
                revisions.policy(here.id(), here.revision()),
                named.stream()
                        .map(reference -> new Certificate(
                                reference.name(),
                                reference.sha256(),
                                whole
                                        ? certificates
                                                .open(here.id(), reference.sha256())
                                                .orElse(null)
                                        : null))
                        .toList());
    }
}
