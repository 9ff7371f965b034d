package io.garrison.instances.edgeapi;

import io.garrison.instances.EdgeSettings;
import io.garrison.instances.GatewayAddress;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.Service;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.apache.coyote.http11.Http11NioProtocol;
import org.apache.tomcat.util.threads.VirtualThreadExecutor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.tomcat.TomcatWebServer;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * The second connector of the web server. Started after the first one serves and stopped before it, because its
 * certificate comes from the database.
 */
@Component
class EdgeGateway implements SmartLifecycle {

    /** Marks a request that came in by this connector. Set inside the server, where no client can reach. */
    static final String ARRIVED_HERE = "io.garrison.edge-gateway";

    private static final Logger log = LoggerFactory.getLogger(EdgeGateway.class);

    /**
     * What is read of a body that was refused, in bytes. Who closes a connection on which something is unread resets it, and
     * the answer may be lost with that (RFC 9112, 9.6).
     */
    private static final int MOST_UNREAD = 16 << 20;

    private static final int MAX_CONNECTIONS = 20_000;

    private final ApplicationContext context;
    private final EdgeSettings settings;
    private final GatewayAddress address;
    private final ServerIdentity identity;

    private volatile @Nullable Connector connector;

    EdgeGateway(ApplicationContext context, EdgeSettings settings, GatewayAddress address, ServerIdentity identity) {
        this.context = context;
        this.settings = settings;
        this.address = address;
        this.identity = identity;
    }

    @Override
    public int getPhase() {
        return WebServerApplicationContext.START_STOP_LIFECYCLE_PHASE + 512;
    }

    @Override
    public void start() {
        if (!(context instanceof WebServerApplicationContext web
                && web.getWebServer() instanceof TomcatWebServer server)) {
            return; // an application without a web server has no gateway
        }
        var tomcat = server.getTomcat();
        var made = connector();
        tomcat.getEngine().getPipeline().addValve(new MarkArrival(made));
        tomcat.getService().addConnector(made);
        if (made.getState() != org.apache.catalina.LifecycleState.STARTED) {
            tomcat.getService().removeConnector(made);
            throw new IllegalStateException(
                    "The edge gateway can't listen on %s port %d. Is the port taken? Set garrison.edge.port."
                            .formatted(settings.address(), settings.port()));
        }
        connector = made;
        address.opened(made.getLocalPort());
        log.info("edge gateway listens on {} port {}", settings.address(), made.getLocalPort());
    }

    private Connector connector() {
        var made = new Connector("org.apache.coyote.http11.Http11NioProtocol");
        made.setPort(settings.port());
        made.setScheme("https");
        made.setSecure(true);
        var protocol = (Http11NioProtocol) made.getProtocolHandler();
        try {
            protocol.setAddress(InetAddress.getByName(settings.address()));
        } catch (UnknownHostException e) {
            throw new IllegalStateException(
                    "garrison.edge.address is no address of this machine: " + settings.address(), e);
        }
        protocol.setExecutor(new VirtualThreadExecutor("edge-"));
        protocol.setMaxConnections(MAX_CONNECTIONS);
        protocol.setMaxKeepAliveRequests(-1);
        protocol.setKeepAliveTimeout(120_000);
        protocol.setConnectionTimeout(20_000);
        protocol.setMaxSwallowSize(MOST_UNREAD);
        protocol.setSSLEnabled(true);
        protocol.addSslHostConfig(identity.fresh());
        return made;
    }

    /** Puts a new certificate in place long before the old one ends. Connections that are open go on. */
    @Scheduled(fixedDelay = 1_000)
    void renew() {
        var serving = connector;
        if (serving != null && identity.isDue()) {
            ((Http11NioProtocol) serving.getProtocolHandler()).addSslHostConfig(identity.fresh(), true);
            log.info("edge gateway has a new certificate");
        }
    }

    @Override
    public void stop() {
        var serving = connector;
        connector = null;
        if (serving == null) {
            return;
        }
        Service service = serving.getService();
        try {
            serving.pause();
            serving.stop();
        } catch (LifecycleException e) {
            log.warn("edge gateway did not stop cleanly", e);
        }
        service.removeConnector(serving);
    }

    @Override
    public boolean isRunning() {
        return connector != null;
    }

    private static final class MarkArrival extends ValveBase {

        private final Connector gateway;

        MarkArrival(Connector gateway) {
            super(true);
            this.gateway = gateway;
        }

        @Override
        public void invoke(Request request, Response response)
                throws java.io.IOException, jakarta.servlet.ServletException {
            if (request.getConnector() == gateway) {
                request.setAttribute(ARRIVED_HERE, Boolean.TRUE);
            }
            getNext().invoke(request, response);
        }
    }
}
