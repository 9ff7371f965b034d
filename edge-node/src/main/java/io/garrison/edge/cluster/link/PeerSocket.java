package io.garrison.edge.cluster.link;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.security.cert.X509Certificate;
import java.util.Optional;
import java.util.UUID;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * A TCP socket whose streams are those of TLS once it is connected. It is no {@link SSLSocket} towards JGroups on purpose:
 * the handshake has a limit of its own here, and closing does not wait for a peer that does not read.
 */
final class PeerSocket extends Socket {

    private final Admission admission;
    private volatile @Nullable SSLSocket tls;

    PeerSocket(Admission admission) {
        this.admission = admission;
    }

    @Override
    public void connect(SocketAddress to, int timeoutMs) throws IOException {
        admission.requireResponsive((InetSocketAddress) to);
        try {
            admission.requireAllowed(((InetSocketAddress) to).getAddress());
            super.connect(to, timeoutMs);
            secure(true);
        } catch (IOException e) {
            if (e instanceof SocketTimeoutException) {
                admission.hangs((InetSocketAddress) to);
            }
            admission.failed((InetSocketAddress) to, e);
            close();
            throw e;
        }
    }

    /** Makes TLS of a connection that is there. */
    void secure(boolean asClient) throws IOException {
        setTcpNoDelay(true);
        setSoTimeout(asClient ? admission.dialTimeoutMs() : admission.doorTimeoutMs());
        tls = admission.tls().over(this, asClient);
        setSoTimeout(0);
        admission.opened(this);
    }

    /** Who is at the other end, as the handshake has shown; empty before. */
    Optional<UUID> peer() {
        var secured = tls;
        try {
            return secured != null && secured.getSession().getPeerCertificates()[0] instanceof X509Certificate shown
                    ? PeerName.of(shown).map(PeerName::instanceId)
                    : Optional.empty();
        } catch (SSLPeerUnverifiedException e) {
            return Optional.empty();
        }
    }

    @Override
    public void close() throws IOException {
        admission.closed(this);
        super.close();
    }

    @Override
    public InputStream getInputStream() throws IOException {
        var secured = tls;
        return secured == null ? super.getInputStream() : secured.getInputStream();
    }

    @Override
    public OutputStream getOutputStream() throws IOException {
        var secured = tls;
        return secured == null ? super.getOutputStream() : secured.getOutputStream();
    }
}
