package io.garrison.instances.pki;

import java.io.IOException;
import java.io.StringReader;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.openssl.PEMEncryptedKeyPair;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfo;
import org.bouncycastle.util.io.pem.PemObject;
import org.jspecify.annotations.Nullable;

/**
 * A certificate that faces clients: chain in order, and the leaf's key.
 *
 * @param chain leaf first, each issued by the next
 */
public record KeyedChain(List<X509Certificate> chain, PrivateKey key) {

    private static final int MAX_CHARACTERS = 131_072;
    private static final int MAX_CERTIFICATES = 10;

    /**
     * @throws Unusable if the text holds anything but one chain that is not over and its key, or the key is weak
     */
    public static KeyedChain parse(String pem, Instant now) {
        if (pem.length() > MAX_CHARACTERS) {
            throw new Unusable(
                    "certificate.too-large", "The text is longer than %d characters.".formatted(MAX_CHARACTERS));
        }
        var certificates = new ArrayList<X509Certificate>();
        PrivateKey key = null;
        try (var parser = new PEMParser(new StringReader(pem))) {
            for (Object object = parser.readObject(); object != null; object = parser.readObject()) {
                switch (object) {
                    case X509CertificateHolder holder ->
                        certificates.add(new JcaX509CertificateConverter().getCertificate(holder));
                    case PEMKeyPair pair ->
                        key = single(key, new JcaPEMKeyConverter().getPrivateKey(pair.getPrivateKeyInfo()));
                    case PrivateKeyInfo info -> key = single(key, new JcaPEMKeyConverter().getPrivateKey(info));
                    case PKCS8EncryptedPrivateKeyInfo e -> throw encrypted();
                    case PEMEncryptedKeyPair e -> throw encrypted();
                    default -> { // EC PARAMETERS, which some tools write before the key
                    }
                }
            }
        } catch (Unusable e) {
            throw e;
        } catch (IOException | GeneralSecurityException | RuntimeException e) {
            // The parser answers some malformed structures with unchecked exceptions of many kinds.
            throw new Unusable("certificate.malformed", "The text is not PEM of certificates and a private key.");
        }
        if (certificates.isEmpty() || certificates.size() > MAX_CERTIFICATES) {
            throw new Unusable(
                    "certificate.chain", "Send 1 to %d certificates, the leaf among them.".formatted(MAX_CERTIFICATES));
        }
        if (key == null) {
            throw new Unusable("certificate.key-missing", "Send the private key of the leaf, too.");
        }
        var chain = ordered(certificates, key);
        requireUsable(chain.getFirst(), now);
        return new KeyedChain(chain, key);
    }

    private static PrivateKey single(@Nullable PrivateKey before, PrivateKey key) {
        if (before != null) {
            throw new Unusable("certificate.key-ambiguous", "Send one private key, not several.");
        }
        return key;
    }

    private static Unusable encrypted() {
        return new Unusable(
                "certificate.key-encrypted",
                "The private key is encrypted. Decrypt it; it is sealed again when stored.");
    }

    private static List<X509Certificate> ordered(List<X509Certificate> certificates, PrivateKey key) {
        var rest = new ArrayList<>(certificates);
        var leaf = rest.stream()
                .filter(candidate -> matches(candidate.getPublicKey(), key))
                .findFirst()
                .orElseThrow(() -> new Unusable(
                        "certificate.key-mismatch", "The private key belongs to none of the certificates."));
        var chain = new ArrayList<X509Certificate>();
        X509Certificate last = leaf;
        while (true) {
            chain.add(last);
            rest.remove(last);
            var issued = last;
            var issuer = rest.stream()
                    .filter(candidate -> isIssuedBy(issued, candidate))
                    .findFirst();
            if (issuer.isEmpty()) {
                break;
            }
            last = issuer.get();
        }
        if (!rest.isEmpty()) {
            throw new Unusable(
                    "certificate.chain",
                    "%d of the certificates are not part of the leaf's chain.".formatted(rest.size()));
        }
        return List.copyOf(chain);
    }

    private static boolean isIssuedBy(X509Certificate certificate, X509Certificate issuer) {
        if (!certificate.getIssuerX500Principal().equals(issuer.getSubjectX500Principal())) {
            return false;
        }
        try {
            certificate.verify(issuer.getPublicKey());
            return true;
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private static boolean matches(PublicKey publicKey, PrivateKey key) {
        var algorithm = publicKey instanceof RSAPublicKey ? "SHA256withRSA" : "SHA256withECDSA";
        try {
            var probe = new byte[32];
            new SecureRandom().nextBytes(probe);
            var signer = Signature.getInstance(algorithm);
            signer.initSign(key);
            signer.update(probe);
            var verifier = Signature.getInstance(algorithm);
            verifier.initVerify(publicKey);
            verifier.update(probe);
            return verifier.verify(signer.sign());
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private static void requireUsable(X509Certificate leaf, Instant now) {
        if (leaf.getNotAfter().toInstant().isBefore(now)) {
            throw new Unusable(
                    "certificate.expired",
                    "The certificate ended at %s.".formatted(leaf.getNotAfter().toInstant()));
        }
        int bits = switch (leaf.getPublicKey()) {
            case RSAPublicKey rsa -> rsa.getModulus().bitLength();
            case ECPublicKey ec -> ec.getParams().getCurve().getField().getFieldSize() * 8;
            default -> 0;
        };
        if (bits < 2_048 || bits > 8_192) {
            throw new Unusable(
                    "certificate.key-weak", "The key must be RSA of 2,048 to 8,192 bits or EC P-256, P-384 or P-521.");
        }
    }

    public X509Certificate leaf() {
        return chain.getFirst();
    }

    public String keyType() {
        return switch (leaf().getPublicKey()) {
            case RSAPublicKey rsa -> "RSA " + rsa.getModulus().bitLength();
            case ECPublicKey ec ->
                "EC P-" + ec.getParams().getCurve().getField().getFieldSize();
            default -> leaf().getPublicKey().getAlgorithm();
        };
    }

    /** DNS names and addresses of the leaf. */
    public List<String> hosts() {
        try {
            Collection<List<?>> names = leaf().getSubjectAlternativeNames();
            if (names == null) {
                return List.of();
            }
            return names.stream()
                    .filter(name -> name.getFirst() instanceof Integer type && (type == 2 || type == 7))
                    .map(name -> String.valueOf(name.get(1)))
                    .limit(100)
                    .toList();
        } catch (CertificateParsingException e) {
            return List.of();
        }
    }

    /** The chain, leaf first, then the key as PKCS#8. */
    public String pem() {
        var text = new StringBuilder();
        for (var certificate : chain) {
            text.append(Authority.pem(certificate));
        }
        return text.append(Authority.pem(new PemObject("PRIVATE KEY", key.getEncoded())))
                .toString();
    }

    @Override
    public String toString() {
        return "KeyedChain[" + leaf().getSubjectX500Principal() + "]";
    }

    /** Why a certificate can't be used, with a stable code. */
    public static final class Unusable extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final String code;

        Unusable(String code, String message) {
            super(message);
            this.code = code;
        }

        public String code() {
            return code;
        }
    }
}
