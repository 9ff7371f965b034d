package io.garrison.instances.edgeapi;

import io.garrison.instances.EdgeSettings;
import io.garrison.instances.InstallationKeys;
import io.garrison.instances.InstanceSettings;
import io.garrison.instances.pki.Authority;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.time.Clock;
import java.time.Instant;
import java.util.UUID;
import org.apache.tomcat.util.net.SSLHostConfig;
import org.apache.tomcat.util.net.SSLHostConfigCertificate;
import org.apache.tomcat.util.net.SSLHostConfigCertificate.Type;
import org.springframework.stereotype.Component;

/** The gateway's own certificate, from the authority that edges pin, and whom it trusts in return. */
@Component
class ServerIdentity {

    private final InstallationKeys keys;
    private final EdgeSettings edge;
    private final InstanceSettings instances;
    private final Clock clock;

    private volatile Instant renewFrom = Instant.MAX;

    ServerIdentity(InstallationKeys keys, EdgeSettings edge, InstanceSettings instances, Clock clock) {
        this.keys = keys;
        this.edge = edge;
        this.instances = instances;
        this.clock = clock;
    }

    boolean isDue() {
        return !clock.instant().isBefore(renewFrom);
    }

    /** TLS with a new certificate; a client certificate is asked for, and one of another authority is refused. */
    SSLHostConfig fresh() {
        var now = clock.instant();
        var lifetime = instances.certificateLifetime();
        var pair = Authority.newKeyPair();
        var authority = keys.authority();
        var certificate = authority.issueServer(pair.getPublic(), edge.hostnames(), now, lifetime);
        // Never leaves this process; the store only wants one.
        var password = UUID.randomUUID().toString();

        var config = new SSLHostConfig();
        config.setProtocols("+TLSv1.2+TLSv1.3");
        config.setCertificateVerification("optional");
        config.setTrustStore(store(store -> store.setCertificateEntry("authority", authority.certificate())));
        var own = new SSLHostConfigCertificate(config, Type.EC);
        // With the authority, because an edge that joins knows nothing but the authority's digest.
        var chain = new Certificate[] {certificate, authority.certificate()};
        own.setCertificateKeystore(
                store(store -> store.setKeyEntry("gateway", pair.getPrivate(), password.toCharArray(), chain)));
        own.setCertificateKeystorePassword(password);
        own.setCertificateKeyAlias("gateway");
        config.addCertificate(own);
        renewFrom = now.plus(lifetime.multipliedBy(2).dividedBy(3));
        return config;
    }

    private interface Filling {
        void fill(KeyStore store) throws GeneralSecurityException;
    }

    private static KeyStore store(Filling filling) {
        try {
            var store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            filling.fill(store);
            return store;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("cannot fill a key store in memory", e);
        }
    }
}
