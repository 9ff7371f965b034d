package io.garrison.edge.cluster;

import io.garrison.protocol.Availability.ClusterState;
import io.garrison.protocol.Availability.MemberState;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The document of {@code /cluster/status}. Its names are those that such endpoints have elsewhere, hence the underscores. */
record ClusterStatus(
        ClusterState state,
        long revision,
        @Nullable Instant lastRules,
        @Nullable Instant lastConfig,
        boolean managementSilent,
        long elections,
        PeerFinder.Looked looked,
        Lately lately,
        @Nullable String discovery) {

    /**
     * What went wrong within {@link Recent#WINDOW}.
     *
     * @param falls of each peer from healthy
     * @param overflows questions for which there was no room
     * @param lost registrations for discovery that had vanished
     */
    record Lately(Map<UUID, Integer> falls, int overflows, int lost) {}

    Map<String, Object> document() {
        var healthy = state.members().stream()
                .filter(member -> member.status().equals("healthy"))
                .count();
        var document = new LinkedHashMap<String, Object>();
        document.put("cluster_enabled", true);
        document.put("node_id", state.nodeId().toString());
        document.put("local_node", state.nodeId().toString());
        document.put("role", state.role());
        document.put("term", state.term());
        document.put("main", state.main() == null ? null : state.main().toString());
        document.put("revision", revision);
        document.put("members", state.members().size());
        document.put("healthy_members", healthy);
        document.put("cluster_health", state.healthy() ? "HEALTHY" : "NOT HEALTHY");
        document.put("elections", elections);
        document.put("splits", state.splits());
        document.put("management_silent", managementSilent);
        document.put("peers", peers());
        document.put("sync", lastSyncs());
        document.put("discovery", look());
        document.put("lately", trouble());
        return document;
    }

    private List<Map<String, Object>> peers() {
        long newest =
                state.members().stream().mapToLong(MemberState::revision).max().orElse(revision);
        return state.members().stream()
                .filter(member -> !member.nodeId().equals(state.nodeId()))
                .map(member -> {
                    var peer = new LinkedHashMap<String, Object>();
                    peer.put("node_id", member.nodeId().toString());
                    peer.put("name", member.name());
                    peer.put("address", member.address());
                    peer.put("role", member.role());
                    peer.put("status", member.status());
                    peer.put("revision", member.revision());
                    peer.put("lag", newest - member.revision());
                    peer.put("falls", lately.falls().getOrDefault(member.nodeId(), 0));
                    peer.put("last_seen", text(member.lastSeen()));
                    return (Map<String, Object>) peer;
                })
                .toList();
    }

    private Map<String, Object> lastSyncs() {
        var sync = new LinkedHashMap<String, Object>();
        sync.put("last_rule_sync", text(lastRules));
        sync.put("last_config_sync", text(lastConfig));
        return sync;
    }

    private Map<String, Object> trouble() {
        var told = new LinkedHashMap<String, Object>();
        told.put("window_seconds", Recent.WINDOW.toSeconds());
        told.put("overflows", lately.overflows());
        told.put("lost_registrations", lately.lost());
        return told;
    }

    private Map<String, Object> look() {
        var told = new LinkedHashMap<String, Object>();
        told.put("type", discovery);
        told.put("last_look", text(looked.at()));
        told.put("found", looked.found());
        told.put("code", looked.code());
        told.put("problem", looked.problem());
        return told;
    }

    private static @Nullable String text(@Nullable Instant at) {
        return at == null ? null : at.toString();
    }
}
