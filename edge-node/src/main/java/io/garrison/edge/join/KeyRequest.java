package io.garrison.edge.join;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;

/**
 * A P-256 key and the request to certify it. The key never leaves the machine.
 *
 * @param keyPem PKCS#8
 * @param csrPem PKCS#10; management ignores the subject
 */
public record KeyRequest(String keyPem, String csrPem) {

    public static KeyRequest create() {
        try {
            var generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return of(generator.generateKeyPair());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has P-256", e);
        }
    }

    /** For the key that the identity has. */
    public static KeyRequest again(Identity identity) {
        return of(new KeyPair(identity.chain().getFirst().getPublicKey(), identity.privateKey()));
    }

    private static KeyRequest of(KeyPair pair) {
        try {
            var signer = new JcaContentSignerBuilder("SHA256withECDSA").build(pair.getPrivate());
            var request = new JcaPKCS10CertificationRequestBuilder(
                            new X500Principal("CN=garrison-edge"), pair.getPublic())
                    .build(signer);
            return new KeyRequest(
                    Pem.of("PRIVATE KEY", pair.getPrivate().getEncoded()),
                    Pem.of("CERTIFICATE REQUEST", request.getEncoded()));
        } catch (OperatorCreationException | java.io.IOException e) {
            throw new IllegalStateException("cannot sign a certificate request", e);
        }
    }

    @Override
    public String toString() {
        return "KeyRequest[]";
    }
}
