package io.garrison.edge.doctor;

import io.garrison.edge.cluster.discovery.DiscoveryException.Problem;
import io.garrison.edge.state.DiscoveryType;
import io.garrison.protocol.InstancePlan;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How the latest look of the agent that runs went. */
final class AgentLookProbe {

    private final DiscoveryType type;
    private final @Nullable InstancePlan plan;
    private final Running running;

    AgentLookProbe(DiscoveryType type, @Nullable InstancePlan plan, Running running) {
        this.type = type;
        this.plan = plan;
        this.running = running;
    }

    Finding look() {
        var cluster = running.cluster();
        if (cluster == null
                || !(cluster.get("discovery") instanceof Map<?, ?> told)
                || !type.name().equalsIgnoreCase(String.valueOf(told.get("type")))) {
            return Finding.skipped(
                    Layer.DISCOVERY, LookProbe.nobody(type), "the agent that runs does not look that way; restart it");
        }
        if (told.get("last_look") == null) {
            return Finding.skipped(Layer.DISCOVERY, LookProbe.nobody(type), "the agent has not looked yet");
        }
        if (told.get("code") instanceof String code) {
            return Finding.bad(
                    Layer.DISCOVERY,
                    row(code),
                    "the agent's latest look failed [" + code + "]: " + told.get("problem"),
                    LookProbe.ASK_THERE);
        }
        int found = told.get("found") instanceof Number number ? number.intValue() : 0;
        if (found == 0 && plan != null && plan.members().size() > 1) {
            return Finding.bad(
                    Layer.DISCOVERY,
                    LookProbe.nobody(type),
                    "the agent finds nobody, and the stack has "
                            + plan.members().size() + " instances",
                    LookProbe.fix(type));
        }
        return Finding.good(Layer.DISCOVERY, LookProbe.nobody(type), "the agent has found " + found);
    }

    private static String row(String code) {
        try {
            return LookProbe.row(Problem.valueOf(code.toUpperCase(Locale.ROOT).replace('-', '_')));
        } catch (IllegalArgumentException e) {
            return "DI-T19";
        }
    }
}
