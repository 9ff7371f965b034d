package io.garrison.instances.federation;

import io.garrison.protocol.ProtocolJson;
import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Trusts a gateway whose chain ends in the authority with the pinned digest. The authority arrives with the handshake; the
 * pin makes it trustworthy. Names and validity are checked as for any HTTPS server.
 */
final class PinnedGateway extends X509ExtendedTrustManager {

    private final String pin;

    /** @param pin SHA-256 of the authority's DER form, hex in lower case */
    PinnedGateway(String pin) {
        this.pin = pin;
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        var authority = chain[chain.length - 1];
        var digest = ProtocolJson.sha256Hex(authority.getEncoded());
        if (!digest.equals(pin)) {
            throw new CertificateException(
                    "the gateway's chain ends in an authority with SHA-256 " + digest + ", not " + pin);
        }
        if (authority.getBasicConstraints() < 0) {
            throw new CertificateException("the pinned certificate is not an authority");
        }
        delegate(authority).checkServerTrusted(chain, authType, engine);
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
            throw new CertificateException("cannot check the gateway's certificate", e);
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
