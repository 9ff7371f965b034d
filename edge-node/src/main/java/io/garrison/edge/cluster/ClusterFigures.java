package io.garrison.edge.cluster;

import io.garrison.edge.cluster.election.Role;
import io.garrison.edge.health.Metrics;
import io.garrison.protocol.Availability.ClusterState;

/** The cluster in numbers. */
record ClusterFigures(ClusterState state, long elections, long refused) {

    Metrics into(Metrics metrics) {
        long healthy = state.members().stream()
                .filter(member -> member.status().equals("healthy"))
                .count();
        boolean leads = state.role().equals(Role.MAIN.name());
        return metrics.gauge(
                        "garrison_edge_cluster_members",
                        "Members that are declared or seen",
                        state.members().size())
                .gauge("garrison_edge_cluster_healthy_members", "Members that answer", healthy)
                .gauge("garrison_edge_cluster_quorum", "Members enough for a decision", state.healthy() ? 1 : 0)
                .gauge("garrison_edge_cluster_term", "Term of the last election", state.term())
                .gauge("garrison_edge_cluster_main", "This instance leads", leads ? 1 : 0)
                .counter("garrison_edge_cluster_elections_total", "Mains seen since the start", elections)
                .counter("garrison_edge_cluster_splits_total", "Times the members were in parts", state.splits())
                .counter(
                        "garrison_edge_cluster_refused_connections_total",
                        "Connections that did not become one with a peer",
                        refused);
    }
}
