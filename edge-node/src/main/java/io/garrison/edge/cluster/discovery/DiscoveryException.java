package io.garrison.edge.cluster.discovery;

import java.util.Locale;

/** Peers can't be looked for now. Trying again may help. */
public final class DiscoveryException extends Exception {

    private static final long serialVersionUID = 1L;

    private final Problem problem;

    /** What went wrong; the name in lower case with hyphens is a stable code. */
    public enum Problem {
        /** There is no service account, authority or API address here: not a pod, or not mounted. */
        K8S_NOT_IN_CLUSTER,
        /** The service account may not list pods. */
        K8S_FORBIDDEN,
        K8S_FAILED,
        /** Consul did not take the service. */
        CONSUL_REGISTER_FAILED,
        /** The token is missing or not good enough. */
        CONSUL_FORBIDDEN,
        CONSUL_FAILED,
        /** No endpoint answered as etcd does. */
        ETCD_CLIENT_FAILED,
        /** etcd did not take the key. */
        ETCD_REGISTER_FAILED,
        DNS_LOOKUP_FAILED,
        UDP_PORT_IN_USE,
        UDP_PERMISSION_DENIED,
        UDP_FAILED,
        MDNS_FAILED,
        /** Nothing was heard within the dial timeout. */
        TIMED_OUT,
        /** Whoever was asked answered what it never should. */
        ANSWER_NOT_UNDERSTOOD
    }

    public DiscoveryException(Problem problem, String message) {
        super(message);
        this.problem = problem;
    }

    public DiscoveryException(Problem problem, String message, Throwable cause) {
        super(message, cause);
        this.problem = problem;
    }

    public Problem problem() {
        return problem;
    }

    /** Such as {@code etcd-client-failed}. */
    public String code() {
        return problem.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
