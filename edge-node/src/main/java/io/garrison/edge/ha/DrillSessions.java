package io.garrison.edge.ha;

import io.garrison.protocol.Drill;
import io.garrison.protocol.InstancePlan;
import io.garrison.protocol.SessionMarks;
import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What sessions this instance has when addresses are rehearsed to move. There may be many, so a thread of its own reads. */
final class DrillSessions {

    /** Of what takes longer nothing is told: it would not be how things were at one time. */
    private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(5);

    private static final Logger log = LoggerFactory.getLogger(DrillSessions.class);

    private final Sessions sessions;

    DrillSessions(Sessions sessions) {
        this.sessions = sessions;
    }

    /**
     * @param total null if no service of the router keeps clients by their address, or nobody could tell
     * @param marks see {@link SessionMarks}
     */
    record Had(@Nullable Integer total, @Nullable List<Long> marks) {
        static final Had UNKNOWN = new Had(null, null);
    }

    /** Returns at once. */
    void read(Drill drill, InstancePlan plan, Consumer<Had> then) {
        Thread.ofPlatform().name("drill-sessions").daemon().start(() -> then.accept(had(drill, plan)));
    }

    private Had had(Drill drill, InstancePlan plan) {
        var addresses = plan.routers().stream()
                .filter(router -> router.name().equals(drill.router()))
                .flatMap(router -> router.addresses().stream())
                .map(address -> InetAddress.ofLiteral(address.address()))
                .collect(Collectors.toSet());
        var marks = new SessionMarks(drill.id());
        long began = System.nanoTime();
        try {
            boolean any = sessions.read(addresses, (table, client, member) -> {
                if (System.nanoTime() - began > LONGEST_NANOS) {
                    throw new IOException("there are too many to be read in time");
                }
                marks.add(table, client, member);
            });
            return any ? new Had(marks.total(), marks.lowest()) : Had.UNKNOWN;
        } catch (IOException | RuntimeException e) {
            log.warn("The rehearsal does not tell of sessions: {}", e.toString());
            return Had.UNKNOWN;
        }
    }
}
