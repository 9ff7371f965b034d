package io.garrison.instances.pki;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.math.BigInteger;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** The certificate authority that edges and the gateway trust: EC P-256, which every TLS stack speaks. */
public final class Authority {

    private static final Duration LIFETIME = Duration.ofDays(3_650);

    /** An edge's clock may be behind ours. */
    private static final Duration BACKDATED = Duration.ofMinutes(15);

    private static final int LONGEST_PEM = 16_384;

    private static final SecureRandom RANDOM = new SecureRandom();

    private final X509Certificate certificate;
    private final PrivateKey key;

    public Authority(X509Certificate certificate, PrivateKey key) {
        this.certificate = certificate;
        this.key = key;
    }

    /** A new authority with a new key. */
    public static Authority create(Instant now) {
        var name = "CN=Garrison edge authority %s,O=Garrison"
                .formatted(HexFormat.of().toHexDigits(RANDOM.nextInt()));
        return rooted(name, newKeyPair(), serial(), now.minus(BACKDATED), now.plus(LIFETIME));
    }

    /** An authority that certifies itself and issues to holders only. */
    static Authority rooted(String subject, KeyPair pair, BigInteger serial, Instant from, Instant to) {
        var name = new X500Name(subject);
        var builder =
                new JcaX509v3CertificateBuilder(name, serial, Date.from(from), Date.from(to), name, pair.getPublic());
        try {
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
            builder.addExtension(
                    Extension.subjectKeyIdentifier,
                    false,
                    new JcaX509ExtensionUtils().createSubjectKeyIdentifier(pair.getPublic()));
        } catch (CertIOException | GeneralSecurityException e) {
            throw new IllegalStateException("cannot describe the authority", e);
        }
        return new Authority(sign(builder, pair.getPrivate()), pair.getPrivate());
    }

    /** An EC P-256 key pair. */
    public static KeyPair newKeyPair() {
        try {
            var generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"), RANDOM);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has EC P-256", e);
        }
    }

    /** A certificate in PEM that was issued here, whether or not it holds any more; empty if it is none, or another's. */
    public Optional<X509Certificate> read(String pem) {
        if (pem.length() > LONGEST_PEM) {
            return Optional.empty();
        }
        try {
            var found = (X509Certificate) CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)));
            found.verify(certificate.getPublicKey());
            return Optional.of(found);
        } catch (GeneralSecurityException e) {
            return Optional.empty();
        }
    }

    public X509Certificate certificate() {
        return certificate;
    }

    public PrivateKey key() {
        return key;
    }

    /** A certificate with which an instance dials in. */
    public X509Certificate issueClient(
            PublicKey holder, String uri, String commonName, Instant now, Duration lifetime) {
        var names = new GeneralNames(new GeneralName(GeneralName.uniformResourceIdentifier, uri));
        return issue(holder, commonName, names, now, lifetime, KeyPurposeId.id_kp_clientAuth);
    }

    /** A certificate for both ends of connections between the instances of a stack. */
    public X509Certificate issueMember(PublicKey holder, String uri, String id, Instant now, Duration lifetime) {
        var names = new GeneralNames(new GeneralName[] {
            new GeneralName(GeneralName.dNSName, id), new GeneralName(GeneralName.uniformResourceIdentifier, uri)
        });
        return issue(holder, id, names, now, lifetime, KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth);
    }

    /** A certificate with which the gateway answers. */
    public X509Certificate issueServer(PublicKey holder, List<String> hosts, Instant now, Duration lifetime) {
        var names = new GeneralNames(hosts.stream().map(Authority::hostName).toArray(GeneralName[]::new));
        return issue(holder, hosts.getFirst(), names, now, lifetime, KeyPurposeId.id_kp_serverAuth);
    }

    private static GeneralName hostName(String host) {
        try {
            InetAddress.ofLiteral(host);
            return new GeneralName(GeneralName.iPAddress, host);
        } catch (IllegalArgumentException e) {
            return new GeneralName(GeneralName.dNSName, host);
        }
    }

    private X509Certificate issue(
            PublicKey holder,
            String commonName,
            GeneralNames names,
            Instant now,
            Duration lifetime,
            KeyPurposeId... uses) {
        var subject = new org.bouncycastle.asn1.x500.X500NameBuilder()
                .addRDN(org.bouncycastle.asn1.x500.style.BCStyle.CN, commonName)
                .build();
        var builder = new JcaX509v3CertificateBuilder(
                X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded()),
                serial(),
                Date.from(now.minus(BACKDATED)),
                Date.from(now.plus(lifetime)),
                subject,
                holder);
        try {
            var identifiers = new JcaX509ExtensionUtils();
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
            builder.addExtension(Extension.extendedKeyUsage, true, new ExtendedKeyUsage(uses));
            builder.addExtension(Extension.subjectAlternativeName, false, names);
            builder.addExtension(
                    Extension.authorityKeyIdentifier, false, identifiers.createAuthorityKeyIdentifier(certificate));
            builder.addExtension(Extension.subjectKeyIdentifier, false, identifiers.createSubjectKeyIdentifier(holder));
        } catch (CertIOException | GeneralSecurityException e) {
            throw new IllegalStateException("cannot describe the certificate", e);
        }
        return sign(builder, key);
    }

    private static X509Certificate sign(X509v3CertificateBuilder builder, PrivateKey key) {
        try {
            var signer = new JcaContentSignerBuilder("SHA256withECDSA").build(key);
            return new JcaX509CertificateConverter().getCertificate(builder.build(signer));
        } catch (OperatorCreationException | GeneralSecurityException e) {
            throw new IllegalStateException("cannot sign with EC P-256", e);
        }
    }

    /** 127 random bits, as browsers and RFC 5280 ask for at least 64. */
    private static BigInteger serial() {
        return new BigInteger(127, RANDOM).add(BigInteger.ONE);
    }

    public static String pem(Object... certificatesAndKeys) {
        var text = new StringWriter();
        try (var writer = new JcaPEMWriter(text)) {
            for (var object : certificatesAndKeys) {
                writer.writeObject(object);
            }
        } catch (IOException e) {
            throw new IllegalStateException("cannot write PEM to memory", e);
        }
        return text.toString();
    }
}
