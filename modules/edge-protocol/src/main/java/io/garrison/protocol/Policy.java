package io.garrison.protocol;

import java.util.List;

/**
 * The policy document of a stack, version 1. What is absent takes the documented default, so that a document means the
 * same on every version that can read it.
 *
 * @param virtualServices what clients connect to; names are unique
 * @param pools where requests go; names are unique
 */
public record Policy(List<VirtualService> virtualServices, List<Pool> pools) {

    public static final Policy EMPTY = new Policy(List.of(), List.of());

    public Policy {
        virtualServices = Absent.orEmpty(virtualServices);
        pools = Absent.orEmpty(pools);
    }
}
