package io.garrison.edge.doctor;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the running agent says of its peers: the document of {@code /cluster/status}. */
final class MembershipProbe {

    private final @Nullable Map<String, Object> status;

    MembershipProbe(@Nullable Map<String, Object> status) {
        this.status = status;
    }

    Finding look() {
        if (status == null) {
            return Finding.skipped(Layer.MEMBERSHIP, "DI-T20", "only an agent that runs knows its peers");
        }
        if (!Boolean.TRUE.equals(status.get("cluster_enabled"))) {
            return Finding.skipped(Layer.MEMBERSHIP, "DI-T20", "the agent that runs talks to no peers");
        }
        int members = number("members");
        int healthy = number("healthy_members");
        if (healthy >= members) {
            return Finding.good(Layer.MEMBERSHIP, "DI-T20", members + " members, all healthy");
        }
        if (healthy <= 1) {
            return Finding.bad(
                    Layer.MEMBERSHIP,
                    "DI-T19",
                    "this instance is alone, and the stack has " + members,
                    "What is bad on lower layers tells why. If nothing is, run this at a peer.");
        }
        return Finding.bad(
                Layer.MEMBERSHIP,
                "DI-T20",
                healthy + " of " + members + " members are healthy" + troubled(),
                "Look at those; each needs the port for peers in both directions. In a split both sides say this: mend the network, they join by themselves.");
    }

    private int number(String field) {
        return status != null && status.get(field) instanceof Number number ? number.intValue() : 0;
    }

    private String troubled() {
        if (status == null || !(status.get("peers") instanceof List<?> peers)) {
            return "";
        }
        var names = peers.stream()
                .filter(peer -> peer instanceof Map<?, ?> fields && !"healthy".equals(fields.get("status")))
                .map(peer -> ((Map<?, ?>) peer).get("name") + " " + ((Map<?, ?>) peer).get("status"))
                .toList();
        return names.isEmpty() ? "" : ": " + String.join(", ", names);
    }
}
