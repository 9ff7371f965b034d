package io.garrison.instances.peer;

import io.garrison.protocol.ProtocolJson;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Takes a certificate for what it is, whoever has signed it, and no other one afterwards. Whether it is the peer's shows
 * when the answer is signed for it.
 */
final class PinnedTrust extends X509ExtendedTrustManager {

    private final @Nullable String pinned;
    private volatile @Nullable String seen;

    /** @param pinned SHA-256, hex, of the one that is taken; absent to see which there is */
    PinnedTrust(@Nullable String pinned) {
        this.pinned = pinned;
    }

    @Nullable
    String seen() {
        return seen;
    }

    SSLContext context() {
        try {
            var context = SSLContext.getInstance("TLSv1.3");
            context.init(null, new TrustManager[] {this}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has TLS 1.3", e);
        }
    }

    private void look(X509Certificate[] chain) throws CertificateException {
        var shown = ProtocolJson.sha256Hex(chain[0].getEncoded());
        seen = shown;
        if (pinned != null && !pinned.equals(shown)) {
            throw new CertificateException("the listener shows another certificate than a moment ago");
        }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        look(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        look(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
        look(chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        throw new CertificateException("only dials");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        throw new CertificateException("only dials");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
        throw new CertificateException("only dials");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[0];
    }
}
