package io.garrison.instances.federation;

import io.garrison.instances.pki.Authority;
import java.io.IOException;
import java.security.KeyPair;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;

/** Certificate signing requests of this installation. */
final class SiteRequests {

    private SiteRequests() {}

    /** PKCS#10 in PEM. Its subject says nothing: the MSSP's installation decides what the certificate names. */
    static String csr(KeyPair pair) throws IOException {
        try {
            return Authority.pem(new JcaPKCS10CertificationRequestBuilder(new X500Name("CN=site"), pair.getPublic())
                    .build(new JcaContentSignerBuilder("SHA256withECDSA").build(pair.getPrivate())));
        } catch (OperatorCreationException e) {
            throw new IOException("cannot sign with this site's key", e);
        }
    }
}
