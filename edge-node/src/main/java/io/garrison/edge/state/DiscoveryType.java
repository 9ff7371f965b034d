package io.garrison.edge.state;

/** How an instance finds its peers. */
public enum DiscoveryType {
    /** Pods by label, from the API of the cluster that the instance runs in. */
    KUBERNETES,
    /** A service in Consul's catalogue. */
    CONSUL,
    /** Keys under a lease in etcd. */
    ETCD,
    /** Address and service records of names. */
    DNS,
    /** Datagrams to the broadcast address of each network. */
    UDP,
    /** Multicast DNS with service discovery (RFC 6762, RFC 6763). */
    MDNS
}
