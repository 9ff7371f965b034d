package io.garrison.protocol;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.Date;
import java.util.Locale;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Trusts a gateway whose chain ends in the authority with the pinned digest. The authority arrives with the handshake;
 * the pin makes it trustworthy. Names and validity are checked as for any HTTPS server.
 */
public final class PinnedTrust extends X509ExtendedTrustManager {

    private final String pin;
    private final Clock clock;

    /**
     * @param pin SHA-256 of the authority's DER form, hex
     * @param clock of this machine, by which the certificates have to be valid
     */
    public PinnedTrust(String pin, Clock clock) {
        this.pin = pin.toLowerCase(Locale.ROOT);
        this.clock = clock;
    }

    /** Why the server is not trusted, in words for people. */
    public static final class Untrusted extends CertificateException {
        private static final long serialVersionUID = 1L;

        Untrusted(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        var authority = chain[chain.length - 1];
        var digest = ProtocolJson.sha256Hex(authority.getEncoded());
        if (!digest.equals(pin)) {
            throw new Untrusted(
                    "the server's certificate chain ends in an authority with SHA-256 " + digest + ", not " + pin,
                    null);
        }
        if (authority.getBasicConstraints() < 0) {
            throw new Untrusted("the pinned certificate is not an authority", null);
        }
        requireValidity(chain);
        delegate(authority).checkServerTrusted(chain, authType, engine);
    }

    private void requireValidity(X509Certificate[] chain) throws Untrusted {
        var now = clock.instant();
        for (var certificate : chain) {
            try {
                certificate.checkValidity(Date.from(now));
            } catch (CertificateNotYetValidException | CertificateExpiredException e) {
                throw new Untrusted(
                        "the server's certificate is valid from "
                                + certificate.getNotBefore().toInstant() + " to "
                                + certificate.getNotAfter().toInstant() + ", and this machine's clock says " + now
                                + "; set the clock and try again",
                        e);
            }
        }
    }

    private static X509ExtendedTrustManager delegate(X509Certificate authority) throws CertificateException {
        try {
            var store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setCertificateEntry("pinned", authority);
            var factory = TrustManagerFactory.getInstance("PKIX");
            factory.init(store);
            return (X509ExtendedTrustManager) factory.getTrustManagers()[0];
        } catch (GeneralSecurityException | IOException e) {
            throw new CertificateException("cannot check the server's certificate", e);
        }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        throw new CertificateException("only with the connection at hand, so that the name is checked");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        throw new CertificateException("only with the engine at hand, so that the name is checked");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        throw new CertificateException("this side is never a server");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        throw new CertificateException("this side is never a server");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        throw new CertificateException("this side is never a server");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[0];
    }
}
