package io.garrison.edge.testing;

import java.io.IOException;
import java.io.StringReader;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PublicKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequest;

/** An authority of a test, and what it issues. */
public final class TestAuthority {

    private final AtomicLong serial = new AtomicLong(1);
    private final KeyPair pair = keyPair();
    private final X509Certificate root;

    public TestAuthority() {
        var now = Instant.now();
        root = issue("CN=Test authority", pair.getPublic(), now.minusSeconds(60), now.plus(Duration.ofDays(30)), true);
    }

    public X509Certificate root() {
        return root;
    }

    public String rootPem() {
        return pem(root);
    }

    public String rootSha256() throws GeneralSecurityException {
        return io.garrison.protocol.ProtocolJson.sha256Hex(root.getEncoded());
    }

    /** A certificate as management's authority makes it for an instance: for clients only, and with its name. */
    public String answer(String csrPem, Duration life, UUID tenant, UUID stack, UUID instance)
            throws IOException, GeneralSecurityException {
        try (var parser = new PEMParser(new StringReader(csrPem))) {
            var request = new JcaPKCS10CertificationRequest((PKCS10CertificationRequest) parser.readObject());
            var now = Instant.now();
            var uri = "spiffe://garrison/tenant/%s/stack/%s/instance/%s".formatted(tenant, stack, instance);
            var builder = new JcaX509v3CertificateBuilder(
                    root,
                    BigInteger.valueOf(serial.getAndIncrement()),
                    Date.from(now.minusSeconds(60)),
                    Date.from(now.plus(life)),
                    new X500Principal("CN=edge"),
                    request.getPublicKey());
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
            builder.addExtension(Extension.extendedKeyUsage, true, new ExtendedKeyUsage(KeyPurposeId.id_kp_clientAuth));
            builder.addExtension(
                    Extension.subjectAlternativeName,
                    false,
                    new GeneralNames(new GeneralName(GeneralName.uniformResourceIdentifier, uri)));
            return pem(new JcaX509CertificateConverter()
                    .getCertificate(
                            builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(pair.getPrivate()))));
        } catch (OperatorCreationException e) {
            throw new IllegalStateException(e);
        }
    }

    /** TLS of a server on this machine; asks for client certificates without insisting. */
    public SSLContext serverContext(String address, Instant from, Instant to)
            throws GeneralSecurityException, IOException {
        var server = keyPair();
        var leaf = issue("CN=localhost", server.getPublic(), from, to, false, address);
        var keys = KeyStore.getInstance("PKCS12");
        keys.load(null, null);
        keys.setKeyEntry("server", server.getPrivate(), new char[0], new Certificate[] {leaf, root});
        var keyManagers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keyManagers.init(keys, new char[0]);
        var anchors = KeyStore.getInstance("PKCS12");
        anchors.load(null, null);
        anchors.setCertificateEntry("root", root);
        var trustManagers = TrustManagerFactory.getInstance("PKIX");
        trustManagers.init(anchors);
        var context = SSLContext.getInstance("TLSv1.3");
        context.init(keyManagers.getKeyManagers(), trustManagers.getTrustManagers(), null);
        return context;
    }

    private X509Certificate issue(String name, PublicKey key, Instant from, Instant to, boolean authority) {
        return issue(name, key, from, to, authority, "127.0.0.1");
    }

    private X509Certificate issue(
            String name, PublicKey key, Instant from, Instant to, boolean authority, String address) {
        try {
            var builder = new JcaX509v3CertificateBuilder(
                    new X500Principal("CN=Test authority"),
                    BigInteger.valueOf(serial.getAndIncrement()),
                    Date.from(from),
                    Date.from(to),
                    new X500Principal(name),
                    key);
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(authority));
            if (!authority) {
                builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(new GeneralName[] {
                    new GeneralName(GeneralName.dNSName, "localhost"), new GeneralName(GeneralName.iPAddress, address)
                }));
            }
            return new JcaX509CertificateConverter()
                    .getCertificate(
                            builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(pair.getPrivate())));
        } catch (GeneralSecurityException | OperatorCreationException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static KeyPair keyPair() {
        try {
            var generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(256);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String pem(X509Certificate certificate) {
        try {
            return "-----BEGIN CERTIFICATE-----\n"
                    + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(certificate.getEncoded())
                    + "\n-----END CERTIFICATE-----\n";
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
