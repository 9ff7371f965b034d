package io.garrison.edge.cluster;

import io.garrison.edge.cluster.election.Election;
import io.garrison.protocol.Availability.ClusterState;
import io.garrison.protocol.Availability.MemberState;
import java.util.ArrayList;
import java.util.Comparator;

/** The members as this one sees them. */
final class ClusterView {

    private ClusterView() {}

    static ClusterState of(
            MemberState own, Election.Standing standing, MemberTable table, boolean quorum, long splits) {
        var members = new ArrayList<>(table.states(standing.main()));
        members.add(own);
        members.sort(Comparator.comparing(MemberState::nodeId));
        return new ClusterState(
                own.nodeId(),
                standing.role().name(),
                standing.term(),
                standing.main(),
                quorum,
                members,
                splits,
                null,
                null);
    }
}
