package io.garrison.acceptance;

import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * The installation of a provider that several stories use, each with customers of its own: started for the first that
 * asks, ended after the last. Whoever uses it takes the instances of its customers away again, because a flush of usage
 * waits for every instance.
 */
final class Provider implements AutoCloseable {

    /** For all customers of all stories together. */
    private static final int SEATS = 30;

    private @Nullable ManagementAddress reachable;
    private @Nullable Installation installation;
    private @Nullable String licence;

    /** Gives the one of this run to a method that takes it. */
    static final class Shared implements ParameterResolver {

        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
            return parameter.getParameter().getType() == Provider.class;
        }

        @Override
        public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
            return context.getRoot()
                    .getStore(Namespace.create(Provider.class))
                    .computeIfAbsent(Provider.class, type -> new Provider(), Provider.class);
        }
    }

    Installation installation() throws IOException {
        if (installation == null) {
            var address = "127.0.0.1";
            if (ManagementAddress.isPossible()) {
                reachable = new ManagementAddress();
                address = ManagementAddress.VALUE;
            }
            installation = new Installation(
                    SEATS,
                    Map.of(
                            "GARRISON_EDGE_ADDRESS",
                            address,
                            "GARRISON_EDGE_HOSTNAMES",
                            address,
                            "GARRISON_FEDERATION_GATEWAY",
                            "https://" + address + ":<edge-port>",
                            "GARRISON_INSTANCES_HEARTBEAT",
                            "2s"));
            licence = installation.loadLicence();
        }
        return installation;
    }

    /** The provider's own licence, which is loaded. */
    String licence() throws IOException {
        installation();
        return licence;
    }

    @Override
    public void close() {
        if (installation != null) {
            installation.close();
        }
        if (reachable != null) {
            reachable.close();
        }
    }
}
