package io.garrison.instances;

import io.garrison.instances.pki.Authority;
import io.garrison.protocol.EnrollResponse.PolicyKey;
import io.garrison.protocol.ProtocolJson;
import io.garrison.tenancy.SecretVault;
import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The installation's own keys: the authority of edges and the key that signs policies. Made once, by whichever replica
 * comes first, and sealed in the database, so that all replicas share them.
 */
@Component
public class InstallationKeys {

    private static final long LOCK = 0x6761_7272_6b65_7973L;

    private final JdbcClient jdbc;
    private final SecretVault vault;
    private final Clock clock;
    private final TransactionTemplate own;

    private volatile @Nullable Authority authority;
    private volatile @Nullable SigningKey signingKey;

    InstallationKeys(JdbcClient jdbc, SecretVault vault, Clock clock, PlatformTransactionManager transactions) {
        this.jdbc = jdbc;
        this.vault = vault;
        this.clock = clock;
        this.own = new TransactionTemplate(transactions);
        // A transaction of its own: a key that is in use must not vanish with the caller's transaction.
        own.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
    }

    /** The authority that issues the certificates of edges and of the gateway. */
    public Authority authority() {
        var known = authority;
        if (known == null) {
            known = underLock(() -> findAuthority() instanceof Authority found ? found : makeAuthority());
            authority = known;
        }
        return known;
    }

    /** SHA-256, hex, of the authority's certificate in DER: what an edge pins. */
    public String authoritySha256() {
        return ProtocolJson.sha256Hex(encoded(authority().certificate()));
    }

    SigningKey signingKey() {
        var known = signingKey;
        if (known == null) {
            known = underLock(() -> findSigningKey() instanceof SigningKey found ? found : makeSigningKey());
            signingKey = known;
        }
        return known;
    }

    private <T> T underLock(Supplier<T> work) {
        var result = own.execute(status -> {
            jdbc.sql("select pg_advisory_xact_lock(?)")
                    .param(LOCK)
                    .query((row, n) -> n)
                    .list();
            return work.get();
        });
        if (result == null) {
            throw new IllegalStateException("no key after the transaction that makes it");
        }
        return result;
    }

    private @Nullable Authority findAuthority() {
        return jdbc.sql("select certificate, sealed_key from instances.authority where id = 1")
                .query((row, n) -> new Authority(
                        certificate(row.getBytes("certificate")),
                        privateKey("EC", vault.open("instances.authority/1", row.getBytes("sealed_key")))))
                .optional()
                .orElse(null);
    }

    private Authority makeAuthority() {
        var made = Authority.create(clock.instant());
        jdbc.sql("insert into instances.authority (id, certificate, sealed_key, created_at) values (1, ?, ?, ?)")
                .param(encoded(made.certificate()))
                .param(vault.seal("instances.authority/1", made.key().getEncoded()))
                .param(clock.instant().atOffset(ZoneOffset.UTC))
                .update();
        return made;
    }

    private @Nullable SigningKey findSigningKey() {
        return jdbc.sql("""
                        select key_id, public_key, sealed_key from instances.policy_key
                         order by created_at desc limit 1""")
                .query((row, n) -> {
                    var id = row.getString("key_id");
                    return new SigningKey(
                            new PolicyKey(id, Base64.getEncoder().encodeToString(row.getBytes("public_key"))),
                            privateKey("Ed25519", vault.open(sealContext(id), row.getBytes("sealed_key"))));
                })
                .optional()
                .orElse(null);
    }

    private SigningKey makeSigningKey() {
        try {
            var pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
            byte[] publicKey = pair.getPublic().getEncoded();
            var id = "policy-" + ProtocolJson.sha256Hex(publicKey).substring(0, 16);
            jdbc.sql(
                            "insert into instances.policy_key (key_id, public_key, sealed_key, created_at) values (?, ?, ?, ?)")
                    .param(id)
                    .param(publicKey)
                    .param(vault.seal(sealContext(id), pair.getPrivate().getEncoded()))
                    .param(clock.instant().atOffset(ZoneOffset.UTC))
                    .update();
            return new SigningKey(new PolicyKey(id, Base64.getEncoder().encodeToString(publicKey)), pair.getPrivate());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has Ed25519", e);
        }
    }

    private static String sealContext(String keyId) {
        return "instances.policy_key/" + keyId;
    }

    private static X509Certificate certificate(byte[] der) {
        try {
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the stored authority is no certificate", e);
        }
    }

    private static PrivateKey privateKey(String algorithm, byte[] pkcs8) {
        try {
            return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a stored key is no %s key".formatted(algorithm), e);
        }
    }

    static byte[] encoded(X509Certificate certificate) {
        try {
            return certificate.getEncoded();
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException("a certificate without encoding", e);
        }
    }

    /** The key that signs policies, and how edges know it. */
    record SigningKey(PolicyKey name, PrivateKey key) {}
}
