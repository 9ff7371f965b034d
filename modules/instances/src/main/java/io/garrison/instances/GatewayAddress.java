package io.garrison.instances;

import java.net.URI;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.stereotype.Component;

/** Where edges find the gateway. */
@Component
public final class GatewayAddress {

    private final EdgeSettings settings;
    private final AtomicInteger port;

    GatewayAddress(EdgeSettings settings) {
        this.settings = settings;
        this.port = new AtomicInteger(settings.port());
    }

    /** The gateway listens. */
    public void opened(int localPort) {
        port.set(localPort);
    }

    /** 0 if the port was left to chance and the gateway does not listen yet. */
    public int port() {
        return port.get();
    }

    public URI url() {
        var host = settings.hostnames().getFirst();
        return URI.create("https://%s:%d".formatted(host.contains(":") ? "[" + host + "]" : host, port()));
    }
}
