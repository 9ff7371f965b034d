package io.garrison.edge.haproxy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A policy as HAProxy will have it.
 *
 * @param files what the configuration refers to, by path: certificates and address lists, named by their content
 */
record Rendering(HaproxyConfig config, Map<Path, byte[]> files, List<RenderedService> services) {

    /**
     * @param frontend generated name; derived from the service's name, so that counters of an old worker still find it
     * @param enabled disabled services are not in the configuration at all
     */
    record RenderedService(
            String name, String frontend, String address, int port, boolean http, boolean enabled, int members) {}
}
