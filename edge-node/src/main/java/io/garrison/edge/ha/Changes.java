package io.garrison.edge.ha;

import io.garrison.edge.events.EventJournal.Severity;
import io.garrison.edge.ha.keepalived.Notice;
import io.garrison.edge.ha.keepalived.Notice.Kind;
import io.garrison.protocol.InstancePlan;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/** What follows from keepalived's notices. Belongs to the thread of the shared addresses. */
final class Changes {

    private static final long SECOND_MS = 1_000;

    /** One is usual when the addresses move; this many in a row mean that adverts get through in one direction only. */
    private static final int MANY = 3;

    private final Watched watched;
    private final Flapping flapping;
    private final HandOvers handOvers;
    private final Lingering lingering;
    private final HaParts parts;
    private boolean twoMasters;
    private final Map<String, Heard> others = new HashMap<>();

    /** Of another holder of one router. */
    private record Heard(long at, int inARow) {}

    Changes(Watched watched, Flapping flapping, HandOvers handOvers, Lingering lingering, HaParts parts) {
        this.watched = watched;
        this.flapping = flapping;
        this.handOvers = handOvers;
        this.lingering = lingering;
        this.parts = parts;
    }

    void noticed(InstancePlan plan, Notice notice, long now) throws IOException {
        if (notice.kind() == Kind.OTHER_HOLDER) {
            otherHolder(plan, notice.router(), now);
            return;
        }
        var former = watched.roles().change(notice.router(), notice.kind());
        if (former == null) {
            return;
        }
        var severity = notice.kind() == Kind.FAULT ? Severity.WARNING : Severity.INFO;
        parts.events().record("ha.role-changed", severity, notice.router() + ": " + former + " to " + notice.kind());
        if (former == Kind.MASTER && notice.kind() != Kind.STOPPED) {
            flapping.left(plan, notice.router(), now);
        }
        lingering.changed(notice.router(), former, notice.kind());
        handOvers.settle(now);
        parts.changed().run();
    }

    private void otherHolder(InstancePlan plan, String router, long now) {
        long near = Math.max(SECOND_MS, 3L * plan.ha().peerCheckIntervalMs());
        var former = others.get(router);
        var heard = new Heard(now, former == null || now - former.at() > near ? 1 : former.inARow() + 1);
        others.put(router, heard);
        if (heard.inARow() >= MANY && !twoMasters) {
            twoMasters = true;
            var text = "another instance holds the addresses as well";
            parts.events().record("ha.two-masters", Severity.ALARM, text);
            watched.faults().set("two-masters", true, text);
        }
    }

    /** Once a second. */
    void look(InstancePlan plan, long now) {
        long over = now - Math.max(3 * SECOND_MS, 4L * plan.ha().peerCheckIntervalMs());
        if (twoMasters && others.values().stream().noneMatch(heard -> heard.inARow() >= MANY && heard.at() >= over)) {
            twoMasters = false;
            watched.faults().set("two-masters", false, "");
        }
    }
}
