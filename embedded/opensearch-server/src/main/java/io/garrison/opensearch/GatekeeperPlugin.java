package io.garrison.opensearch;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.function.UnaryOperator;
import org.opensearch.common.settings.Settings;
import org.opensearch.common.util.concurrent.ThreadContext;
import org.opensearch.core.common.io.stream.NamedWriteableRegistry;
import org.opensearch.core.rest.RestStatus;
import org.opensearch.plugins.ActionPlugin;
import org.opensearch.plugins.NetworkPlugin;
import org.opensearch.plugins.Plugin;
import org.opensearch.rest.BytesRestResponse;
import org.opensearch.rest.RestChannel;
import org.opensearch.rest.RestHandler;
import org.opensearch.rest.RestRequest;
import org.opensearch.transport.TransportInterceptor;
import org.opensearch.transport.TransportRequest;
import org.opensearch.transport.TransportRequestHandler;
import org.opensearch.transport.client.node.NodeClient;

/**
 * Lets in whoever knows the one password, by HTTP Basic authentication, and no other node: the transport port answers
 * nothing but this very node's requests to itself.
 */
public final class GatekeeperPlugin extends Plugin implements ActionPlugin, NetworkPlugin {

    private final byte[] expected;

    /** @param configuration directory whose file {@code credentials} holds {@code user:password} */
    public GatekeeperPlugin(Settings settings, Path configuration) throws IOException {
        byte[] credentials =
                Files.readString(configuration.resolve("credentials")).strip().getBytes(StandardCharsets.UTF_8);
        this.expected = ("Basic " + Base64.getEncoder().encodeToString(credentials)).getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public UnaryOperator<RestHandler> getRestHandlerWrapper(ThreadContext context) {
        return Guarded::new;
    }

    @Override
    public List<TransportInterceptor> getTransportInterceptors(NamedWriteableRegistry registry, ThreadContext context) {
        return List.of(new OnlyThisNode());
    }

    private boolean isKnown(RestRequest request) {
        String header = request.header("Authorization");
        return header != null && MessageDigest.isEqual(header.getBytes(StandardCharsets.UTF_8), expected);
    }

    private final class Guarded extends RestHandler.Wrapper {

        Guarded(RestHandler handler) {
            super(handler);
        }

        @Override
        public void handleRequest(RestRequest request, RestChannel channel, NodeClient client) throws Exception {
            if (isKnown(request)) {
                super.handleRequest(request, channel, client);
                return;
            }
            var response = new BytesRestResponse(RestStatus.UNAUTHORIZED, "unauthorized");
            response.addHeader("WWW-Authenticate", "Basic realm=\"garrison\"");
            channel.sendResponse(response);
        }
    }

    private static final class OnlyThisNode implements TransportInterceptor {

        /** What {@code TransportService} calls the channel of a request that never leaves the node. */
        private static final String LOCAL = "direct";

        @Override
        public <T extends TransportRequest> TransportRequestHandler<T> interceptHandler(
                String action, String executor, boolean forceExecution, TransportRequestHandler<T> actual) {
            return (request, channel, task) -> {
                if (!channel.getChannelType().equals(LOCAL)) {
                    throw new SecurityException("this node takes no requests from others");
                }
                actual.messageReceived(request, channel, task);
            };
        }
    }
}
