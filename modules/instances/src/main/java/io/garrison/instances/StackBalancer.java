package io.garrison.instances;

import java.util.List;

/** Configuration for a load balancer of the customer's that stands in front of a stack of the bound tenant. */
public interface StackBalancer {

    int DEFAULT_HEALTH_PORT = 9528;

    /**
     * Made from the published policy and from where its instances said that they serve it.
     *
     * @param healthPort where each instance answers {@code /health} and {@code /ready}, 1–65535
     * @throws InstanceException.NotFound if the bound tenant has no such stack
     * @throws InstanceException.NoBalancer if there is nothing to send clients to
     */
    Snippet of(StackId stack, BalancerFlavour flavour, int healthPort);

    /**
     * @param revision of the policy that it is made from
     * @param without instances that it leaves out
     */
    record Snippet(BalancerFlavour flavour, long revision, int healthPort, String text, List<LeftOut> without) {}

    record LeftOut(InstanceId instance, String name, String reason) {}
}
