package io.garrison.edge.cluster.link;

import io.garrison.edge.join.Identity;
import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.function.Supplier;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * TLS 1.3 over a socket that is there already. Each connection goes by the identity of its moment, so a renewed
 * certificate needs no restart. The peer's certificate is looked at after each handshake, because one that resumes a session
 * (RFC 8446, 2.2) shows none and lets in whoever was let in before. Thread-safe.
 */
final class PeerTls {

    private final Supplier<Identity> identity;
    private final Predicate<UUID> declared;
    private @Nullable Identity current;
    private @Nullable Trusted trusted;

    private record Trusted(SSLContext context, StackTrust trust) {}

    PeerTls(Supplier<Identity> identity, Predicate<UUID> declared) {
        this.identity = identity;
        this.declared = declared;
    }

    /** Returns after the handshake; the socket's own timeout holds for each of its reads. */
    SSLSocket over(Socket socket, boolean asClient) throws IOException {
        var trusting = trusted();
        var tls = (SSLSocket) trusting.context().getSocketFactory().createSocket(socket, null, -1, true);
        tls.setEnabledProtocols(new String[] {"TLSv1.3"});
        tls.setUseClientMode(asClient);
        if (!asClient) {
            tls.setNeedClientAuth(true);
        }
        tls.startHandshake();
        try {
            trusting.trust().requireTrusted(tls.getSession().getPeerCertificates());
        } catch (CertificateException e) {
            tls.close();
            throw new SSLHandshakeException(e.getMessage(), e);
        }
        return tls;
    }

    boolean isDeclared(UUID instance) {
        return declared.test(instance);
    }

    private synchronized Trusted trusted() throws IOException {
        var now = identity.get();
        var made = trusted;
        if (made == null || !now.equals(current)) {
            made = trustedBy(now);
            trusted = made;
            current = now;
        }
        return made;
    }

    private Trusted trustedBy(Identity now) throws IOException {
        var password = new char[0];
        try {
            var keys = KeyStore.getInstance("PKCS12");
            keys.load(null, null);
            keys.setKeyEntry("edge", now.privateKey(), password, now.chain().toArray(Certificate[]::new));
            var keyManagers = KeyManagerFactory.getInstance("SunX509");
            keyManagers.init(keys, password);
            var made = SSLContext.getInstance("TLSv1.3");
            var trust = new StackTrust(now, declared);
            made.init(keyManagers.getKeyManagers(), new TrustManager[] {trust}, null);
            return new Trusted(made, trust);
        } catch (GeneralSecurityException e) {
            throw new IOException("the identity does not make a TLS context", e);
        }
    }
}
