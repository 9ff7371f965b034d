package io.garrison.edge.cluster.link;

import io.garrison.edge.join.Identity;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidator;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Trusts other instances of the same stack of the same tenant, and nobody else, in both directions: an instance's
 * certificate is one for clients (RFC 5280, 4.2.1.12), and between two instances each is a client of the other.
 */
final class StackTrust extends X509ExtendedTrustManager {

    private final PeerName self;
    private final Set<TrustAnchor> anchors = new HashSet<>();
    private final Set<X509Certificate> authorities;
    private final Predicate<UUID> declared;

    /** @param declared whether management counts an instance among the stack's */
    StackTrust(Identity identity, Predicate<UUID> declared) {
        this.self = PeerName.of(identity);
        this.authorities = Set.copyOf(identity.anchors());
        this.declared = declared;
        authorities.forEach(authority -> anchors.add(new TrustAnchor(authority, null)));
    }

    /** As is looked at in a handshake that shows a certificate. */
    void requireTrusted(Certificate[] shown) throws CertificateException {
        check(Arrays.stream(shown)
                .filter(X509Certificate.class::isInstance)
                .map(X509Certificate.class::cast)
                .toArray(X509Certificate[]::new));
    }

    private void check(X509Certificate[] chain) throws CertificateException {
        if (chain == null || chain.length == 0) {
            throw new CertificateException("the peer shows no certificate");
        }
        try {
            var path = CertificateFactory.getInstance("X.509")
                    .generateCertPath(Arrays.stream(chain)
                            .filter(certificate -> !authorities.contains(certificate))
                            .toList());
            var parameters = new PKIXParameters(anchors);
            // Certificates live for hours, and management renews them; there are no lists.
            parameters.setRevocationEnabled(false);
            CertPathValidator.getInstance("PKIX").validate(path, parameters);
        } catch (GeneralSecurityException e) {
            throw new CertificateException("the peer's certificate is not from an authority of management", e);
        }
        var peer = PeerName.of(chain[0])
                .orElseThrow(() -> new CertificateException("the peer's certificate is not an instance's"));
        if (!peer.isPeerOf(self)) {
            throw new CertificateException("the peer is not another instance of this stack, but " + peer);
        }
        if (!declared.test(peer.instanceId())) {
            throw new CertificateException("instance " + peer.instanceId() + " is not in the plan of the stack");
        }
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        check(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        check(chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        check(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        check(chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
        check(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
        check(chain);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return authorities.toArray(X509Certificate[]::new);
    }
}
