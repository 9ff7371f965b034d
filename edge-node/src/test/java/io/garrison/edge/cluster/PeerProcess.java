package io.garrison.edge.cluster;

import io.garrison.edge.events.EventJournal;
import io.garrison.edge.join.Identity;
import io.garrison.edge.plan.PlanKeeper;
import io.garrison.edge.state.ClusterSettings;
import io.garrison.protocol.ProtocolJson;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.Random;

/**
 * A member that is a process of its own, until it is ended. Every 20 ms in which something has changed it writes a line:
 * main, role, splits, quorum, how and where the members are. Events are lines of their own.
 */
public final class PeerProcess {

    private PeerProcess() {}

    /** @param words directory with identity and plan, then settings as {@code key=value} */
    public static void main(String[] words) throws Exception {
        var directory = Path.of(words[0]);
        var identity = ProtocolJson.read(Files.readAllBytes(directory.resolve("identity.json")), Identity.class);
        var settings = new HashMap<String, String>();
        for (int i = 1; i < words.length; i++) {
            var parts = words[i].split("=", 2);
            settings.put(parts[0], parts[1]);
        }
        var desired = new ScriptedDesired();
        var events = new EventJournal(Clock.systemUTC(), () -> {});
        var node = new ClusterNode(new ClusterNode.Parts(
                ClusterSettings.of(settings),
                () -> identity,
                new PlanKeeper(directory.resolve("plan.json"), () -> identity),
                events,
                desired,
                directory.resolve("ballot.json"),
                Clock.systemUTC(),
                new Random()));
        node.start();
        var last = "";
        while (true) {
            var state = node.state();
            var line =
                    new StringBuilder(state.main() + " " + state.role() + " " + state.splits() + " " + state.healthy());
            state.members()
                    .forEach(member -> line.append(' ')
                            .append(member.nodeId().getLeastSignificantBits())
                            .append('=')
                            .append(member.status())
                            .append('@')
                            .append(member.address()));
            if (!line.toString().equals(last)) {
                last = line.toString();
                System.out.println(System.currentTimeMillis() + " " + last);
            }
            events.waiting().forEach(event -> {
                System.out.println("event " + event.code());
                events.taken(event.sequence());
            });
            Thread.sleep(20);
        }
    }
}
