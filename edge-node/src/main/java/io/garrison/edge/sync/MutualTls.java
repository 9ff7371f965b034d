package io.garrison.edge.sync;

import io.garrison.edge.join.Identity;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** TLS 1.3 with the instance's certificate, trusting the authorities of the enrolment and no others. */
public final class MutualTls {

    private MutualTls() {}

    public static SSLContext contextOf(Identity identity) {
        var password = new char[0];
        try {
            var keys = KeyStore.getInstance("PKCS12");
            keys.load(null, null);
            keys.setKeyEntry(
                    "edge", identity.privateKey(), password, identity.chain().toArray(Certificate[]::new));
            var keyManagers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keyManagers.init(keys, password);
            return context(keyManagers.getKeyManagers(), identity);
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("the identity does not make a TLS context", e);
        }
    }

    /** Trusts the same, and shows no certificate. */
    static SSLContext anonymous(Identity identity) {
        return context(null, identity);
    }

    private static SSLContext context(KeyManager @Nullable [] own, Identity identity) {
        try {
            var anchors = KeyStore.getInstance("PKCS12");
            anchors.load(null, null);
            int number = 0;
            for (var anchor : identity.anchors()) {
                anchors.setCertificateEntry("anchor-" + number++, anchor);
            }
            var trustManagers = TrustManagerFactory.getInstance("PKIX");
            trustManagers.init(anchors);

            var context = SSLContext.getInstance("TLSv1.3");
            context.init(own, trustManagers.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("the identity does not make a TLS context", e);
        }
    }
}
