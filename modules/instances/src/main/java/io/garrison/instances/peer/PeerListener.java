package io.garrison.instances.peer;

import io.garrison.instances.pki.Authority;
import io.garrison.protocol.ProtocolJson;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.LifecycleState;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.core.StandardContext;
import org.apache.catalina.startup.Tomcat;
import org.apache.coyote.http11.Http11NioProtocol;
import org.apache.tomcat.util.net.SSLHostConfig;
import org.apache.tomcat.util.net.SSLHostConfigCertificate;
import org.apache.tomcat.util.net.SSLHostConfigCertificate.Type;
import org.apache.tomcat.util.threads.VirtualThreadExecutor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the peer dials: a web server of its own with one servlet and a certificate of its own, so that nothing else of the
 * installation can be reached by its port.
 */
public final class PeerListener implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(PeerListener.class);

    private static final int MAX_CONNECTIONS = 100;
    private static final Duration LIFETIME = Duration.ofDays(365);

    private final Tomcat tomcat;
    private final Path directory;
    private final Instant dueFrom;

    private PeerListener(Tomcat tomcat, Path directory, Instant dueFrom) {
        this.tomcat = tomcat;
        this.directory = directory;
        this.dueFrom = dueFrom;
    }

    /**
     * Listens on every address of the machine.
     *
     * @param port 0 picks a free one
     * @throws PeerTrouble if it cannot listen there
     */
    public static PeerListener open(int port, byte[] key, PeerHost host, Authority authority, Clock clock)
            throws PeerTrouble {
        requireFree(port);
        var now = clock.instant();
        var pair = Authority.newKeyPair();
        var certificate = authority.issueServer(pair.getPublic(), List.of("configuration-sync"), now, LIFETIME);
        var signature = new PeerSignature(key.clone(), fingerprint(certificate));
        try {
            var directory = Files.createTempDirectory("garrison-peer");
            var tomcat = new Tomcat();
            tomcat.setBaseDir(directory.toString());
            tomcat.getEngine().setName("configuration-sync");
            var connector = connector(port, pair, certificate);
            tomcat.setConnector(connector);
            serve(tomcat, new PeerServlet(signature, host, clock));
            var listener = new PeerListener(tomcat, directory, now.plus(LIFETIME.dividedBy(2)));
            tomcat.start();
            if (connector.getState() != LifecycleState.STARTED) {
                listener.close();
                throw taken(port);
            }
            log.info("configuration sync listens on port {}", connector.getLocalPort());
            return listener;
        } catch (LifecycleException | IOException e) {
            log.warn("configuration sync can't listen on port {}", port, e);
            throw taken(port);
        }
    }

    /** Asked first, because the web server makes much of a port that is taken. */
    private static void requireFree(int port) throws PeerTrouble {
        try {
            new ServerSocket(port).close();
        } catch (IOException e) {
            throw taken(port);
        }
    }

    private static PeerTrouble taken(int port) {
        return new PeerTrouble(
                PeerTrouble.Kind.UNREACHABLE,
                "sync.port-taken",
                "This machine cannot listen on port %d. Is it taken? Choose another.".formatted(port));
    }

    private static void serve(Tomcat tomcat, PeerServlet servlet) {
        var context = (StandardContext) tomcat.addContext("", null);
        context.setParentClassLoader(PeerListener.class.getClassLoader());
        // Nothing in there is loaded by a class loader of its own, so there is nothing of it to be cleared.
        context.setClearReferencesRmiTargets(false);
        context.setClearReferencesThreadLocals(false);
        Tomcat.addServlet(context, "peer", servlet);
        context.addServletMappingDecoded("/", "peer");
    }

    private static Connector connector(int port, KeyPair pair, X509Certificate certificate) {
        var connector = new Connector("org.apache.coyote.http11.Http11NioProtocol");
        connector.setPort(port);
        connector.setScheme("https");
        connector.setSecure(true);
        var protocol = (Http11NioProtocol) connector.getProtocolHandler();
        protocol.setExecutor(new VirtualThreadExecutor("peer-"));
        protocol.setMaxConnections(MAX_CONNECTIONS);
        protocol.setConnectionTimeout(10_000);
        protocol.setKeepAliveTimeout(10_000);
        protocol.setSSLEnabled(true);
        protocol.addSslHostConfig(tls(pair, certificate));
        return connector;
    }

    private static SSLHostConfig tls(KeyPair pair, X509Certificate certificate) {
        // Never leaves this process; the store only wants one.
        var password = UUID.randomUUID().toString();
        var config = new SSLHostConfig();
        config.setProtocols("+TLSv1.3");
        var own = new SSLHostConfigCertificate(config, Type.EC);
        try {
            var store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry("peer", pair.getPrivate(), password.toCharArray(), new Certificate[] {certificate});
            own.setCertificateKeystore(store);
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("cannot fill a key store in memory", e);
        }
        own.setCertificateKeystorePassword(password);
        own.setCertificateKeyAlias("peer");
        config.addCertificate(own);
        return config;
    }

    private static String fingerprint(X509Certificate certificate) {
        try {
            return ProtocolJson.sha256Hex(certificate.getEncoded());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a certificate without encoding", e);
        }
    }

    public int port() {
        return tomcat.getConnector().getLocalPort();
    }

    /** Whether it should be opened anew, long before its certificate ends. */
    public boolean isDue(Instant now) {
        return !now.isBefore(dueFrom);
    }

    @Override
    public void close() {
        try {
            tomcat.stop();
            tomcat.destroy();
        } catch (LifecycleException e) {
            log.warn("the listener of configuration sync did not stop cleanly", e);
        }
        try (var files = Files.walk(directory)) {
            for (var file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            log.debug("a directory for the listener stays behind", e);
        }
    }
}
