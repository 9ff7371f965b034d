package io.garrison.edge.haproxy;

import io.garrison.protocol.Report;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * @param running whether HAProxy answers on its socket
 * @param version such as {@code 2.6.12}; absent if no usable HAProxy is installed
 */
public record DataPlaneState(
        boolean running, @Nullable String version, boolean draining, List<Report.ServiceState> virtualServices) {

    public DataPlaneState {
        virtualServices = List.copyOf(virtualServices);
    }
}
