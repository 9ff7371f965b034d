package io.garrison.instances.federation;

import io.garrison.licensing.FederationGateway.Address;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** The certificate that the MSSP's gateway gave to this installation. */
@Component
class SiteLinks {

    private final JdbcClient jdbc;
    private final Clock clock;

    SiteLinks(JdbcClient jdbc, Clock clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    /** @param chain leaf first */
    record Link(UUID site, List<X509Certificate> chain) {

        X509Certificate certificate() {
            return chain.getFirst();
        }
    }

    /** What that gateway gave for that key. */
    @Transactional(readOnly = true)
    public Optional<Link> find(Address gateway, PublicKey key) {
        return jdbc.sql("select site_id, chain from instances.site_link where gateway = ? and ca_sha256 = ?")
                .params(gateway.url().toString(), gateway.caSha256())
                .query((row, n) -> new Link(row.getObject("site_id", UUID.class), parse(row.getString("chain"))))
                .optional()
                .filter(link -> link.certificate().getPublicKey().equals(key));
    }

    @Transactional(readOnly = true)
    public Optional<UUID> site() {
        return jdbc.sql("select site_id from instances.site_link")
                .query(UUID.class)
                .optional();
    }

    @Transactional
    public Link keep(Address gateway, UUID site, String chain) {
        var parsed = parse(chain);
        jdbc.sql("""
                        insert into instances.site_link (id, gateway, ca_sha256, site_id, chain, enrolled_at)
                        values (1, :gateway, :ca, :site, :chain, :now)
                        on conflict (id) do update set gateway = :gateway, ca_sha256 = :ca, site_id = :site,
                            chain = :chain, enrolled_at = :now""")
                .param("gateway", gateway.url().toString())
                .param("ca", gateway.caSha256())
                .param("site", site)
                .param("chain", chain)
                .param("now", clock.instant().atOffset(ZoneOffset.UTC))
                .update();
        return new Link(site, parsed);
    }

    @Transactional
    public void forget() {
        jdbc.sql("delete from instances.site_link").update();
    }

    private static List<X509Certificate> parse(String pem) {
        try {
            return CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)))
                    .stream()
                    .map(X509Certificate.class::cast)
                    .toList();
        } catch (CertificateException e) {
            throw new IllegalStateException("the gateway's certificate for this site can't be read", e);
        }
    }
}
