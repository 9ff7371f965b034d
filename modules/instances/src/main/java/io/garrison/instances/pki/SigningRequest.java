package io.garrison.instances.pki;

import java.io.IOException;
import java.io.StringReader;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Set;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.operator.DefaultSignatureAlgorithmIdentifierFinder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.bouncycastle.pkcs.PKCSException;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequest;

/** A PKCS#10 request whose sender holds the private key. Its subject and its wishes are not looked at. */
public record SigningRequest(PublicKey key) {

    private static final int MAX_CHARACTERS = 16_384;

    private static final Set<org.bouncycastle.asn1.ASN1ObjectIdentifier> SIGNATURES = Set.of(
            algorithm("SHA256withECDSA"),
            algorithm("SHA384withECDSA"),
            algorithm("SHA256withRSA"),
            algorithm("SHA384withRSA"),
            algorithm("SHA512withRSA"),
            algorithm("Ed25519"));

    private static org.bouncycastle.asn1.ASN1ObjectIdentifier algorithm(String name) {
        return new DefaultSignatureAlgorithmIdentifierFinder().find(name).getAlgorithm();
    }

    /** @throws Refused if it is no request, its proof of possession does not hold, or its key is weak */
    public static SigningRequest parse(String pem) {
        if (pem.length() > MAX_CHARACTERS) {
            throw new Refused("it is longer than %d characters".formatted(MAX_CHARACTERS));
        }
        try (var parser = new PEMParser(new StringReader(pem))) {
            if (!(parser.readObject() instanceof PKCS10CertificationRequest request)) {
                throw new Refused("it is not a PKCS#10 request in PEM");
            }
            if (!SIGNATURES.contains(request.getSignatureAlgorithm().getAlgorithm())) {
                throw new Refused("it is signed with an algorithm that is not accepted");
            }
            var key = new JcaPKCS10CertificationRequest(request).getPublicKey();
            requireStrong(key);
            if (!request.isSignatureValid(new JcaContentVerifierProviderBuilder().build(key))) {
                throw new Refused("its signature does not hold, so its sender does not hold the key");
            }
            return new SigningRequest(key);
        } catch (IOException | GeneralSecurityException | OperatorCreationException | PKCSException e) {
            throw new Refused("it can't be read");
        } catch (Refused e) {
            throw e;
        } catch (RuntimeException e) {
            // The parser answers some malformed structures with unchecked exceptions of many kinds.
            throw new Refused("it can't be read");
        }
    }

    private static void requireStrong(PublicKey key) {
        boolean strong = switch (key) {
            case ECPublicKey ec -> {
                int bits = ec.getParams().getCurve().getField().getFieldSize();
                yield bits == 256 || bits == 384;
            }
            case RSAPublicKey rsa -> {
                int bits = rsa.getModulus().bitLength();
                yield bits >= 2_048 && bits <= 4_096;
            }
            case EdECPublicKey ed -> "Ed25519".equals(ed.getParams().getName());
            default -> false;
        };
        if (!strong) {
            throw new Refused("its key must be EC P-256 or P-384, Ed25519, or RSA of 2,048 to 4,096 bits");
        }
    }

    /** Why a request was not signed. */
    public static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Refused(String reason) {
            super(reason);
        }
    }
}
