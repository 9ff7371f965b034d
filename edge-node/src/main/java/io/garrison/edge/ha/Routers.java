package io.garrison.edge.ha;

import io.garrison.edge.events.EventJournal.Severity;
import io.garrison.edge.ha.keepalived.HaFiles;
import io.garrison.edge.ha.keepalived.Notice.Kind;
import io.garrison.edge.ha.keepalived.PlanRefusedException;
import io.garrison.edge.ha.keepalived.PlanRenderer;
import io.garrison.edge.ha.keepalived.RunningKeepalived;
import io.garrison.protocol.HaSettings;
import io.garrison.protocol.InstancePlan;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps keepalived running with what the plan says. Belongs to the thread of the shared addresses. */
final class Routers {

    private static final Logger log = LoggerFactory.getLogger(Routers.class);
    private static final Path PGREP = Path.of("/usr/bin/pgrep");

    /** A dead keepalived leaves its addresses behind, so even one that dies again and again is not left alone for long. */
    private static final long LONGEST_RESTART_MS = 2_000;

    private static final long STEADY_MS = 5_000;
    private static final long RELOADED_MS = 300;

    private final HaThread thread;
    private final Watched watched;
    private final HaParts parts;
    private final HandOvers handOvers;
    private final RunningKeepalived keepalived;
    private final PlanRenderer renderer;
    private boolean running;
    private long turn;
    private int deaths;
    private long startedAt;
    private long restartAt = Long.MAX_VALUE;

    /** @param watched what all parts of the shared addresses know */
    Routers(HaThread thread, HaFiles files, Watched watched, HandOvers handOvers, HaParts parts) {
        this.thread = thread;
        this.watched = watched;
        this.parts = parts;
        this.handOvers = handOvers;
        this.keepalived = new RunningKeepalived(files, () -> thread.run(this::died));
        this.renderer = new PlanRenderer(
                files, new MachineDevices(), Files.isExecutable(PGREP) ? Optional.of(PGREP) : Optional.empty());
    }

    /** What an earlier agent left running goes on. @return whether there was something */
    boolean adopt(InstancePlan plan) {
        running = keepalived.adopt();
        if (running) {
            watched.steering().adopt(plan.routers());
            watched.roles().follow(plan.routers());
            lookAround(plan);
            startedAt = thread.now();
        }
        return running;
    }

    /** Sets the roles by what is here, without counting them as changes. */
    void lookAround() {
        var plan = watched.plan();
        if (running && plan != null && keepalived.isAlive()) {
            lookAround(plan);
        }
    }

    private void lookAround(InstancePlan plan) {
        for (var router : plan.routers()) {
            boolean here = isHere(router.addresses().getFirst().address());
            watched.roles().change(router.name(), here ? Kind.MASTER : Kind.BACKUP);
        }
    }

    /** Told once {@link #follow} has come to an end, which may be after it has returned. */
    interface Outcome {
        /** It holds now. */
        void inForce(InstancePlan plan);

        /** It does not hold, though it could have been followed. */
        void refused(InstancePlan plan, String why);
    }

    /** @throws PlanRefusedException if it can't be followed; what was in force stays */
    void follow(InstancePlan plan, Outcome outcome) throws IOException, InterruptedException {
        var config = renderer.render(plan);
        beginAnew();
        if (!running && adopt(plan) && watched.plan() == null) {
            watched.plan(plan);
        }
        if (keepalived.isAlive()
                && !keepalived.isReloadPending()
                && keepalived.config().equals(Optional.of(config))) {
            outcome.inForce(plan);
            return;
        }
        keepalived.check(config);
        if (!keepalived.isAlive()) {
            long wait = plan.members().size() > 1 ? parts.unknownToPeers().getAsLong() : 0;
            watched.steering().prepare(plan.routers());
            keepalived.install(config);
            watched.roles().follow(plan.routers());
            outcome.inForce(plan);
            startIn(wait);
            return;
        }
        yielding(plan.members().size() > 1, patience(plan.ha()), handedOver -> reload(plan, config, outcome));
    }

    /** The former plan is in force until keepalived was told of the next one. */
    private void reload(InstancePlan plan, String config, Outcome outcome) throws InterruptedException {
        watched.coming(plan);
        try {
            watched.steering().prepare(plan.routers());
            keepalived.install(config);
            keepalived.reload();
            watched.roles().follow(plan.routers());
            outcome.inForce(plan);
            thread.later(RELOADED_MS, () -> {
                watched.steering().set(Reason.RELOAD, false);
                keepalived.removeLeft();
            });
        } catch (IOException | RuntimeException e) {
            watched.steering().set(Reason.RELOAD, false);
            outcome.refused(plan, String.valueOf(e.getMessage()));
        } finally {
            watched.coming(null);
        }
    }

    /** Whatever still waited for a hand-over was for an older plan. */
    private void beginAnew() {
        turn++;
        watched.steering().set(Reason.RELOAD, false);
    }

    private interface Work {
        void run(boolean handedOver) throws IOException, InterruptedException;
    }

    /** keepalived drops what it holds while it reads a changed file, so a peer should have it meanwhile. */
    private void yielding(boolean peers, long patience, Work work) {
        if (peers) {
            watched.steering().set(Reason.RELOAD, true);
        }
        long own = turn;
        handOvers.await(thread.now(), peers ? patience : 0, handedOver -> {
            if (own == turn) {
                thread.guarded(() -> work.run(handedOver));
            }
        });
    }

    /** One that waits already goes on waiting. */
    private void startIn(long millis) throws IOException, InterruptedException {
        if (millis == 0 && restartAt == Long.MAX_VALUE) {
            start();
            return;
        }
        running = true;
        restartAt = restartAt == Long.MAX_VALUE ? thread.now() + millis : restartAt;
    }

    private void start() throws IOException, InterruptedException {
        restartAt = Long.MAX_VALUE;
        running = true;
        startedAt = thread.now();
        keepalived.start();
    }

    /**
     * Leaves the addresses to the peers and ends keepalived.
     *
     * @param then is done when it has ended, unless another plan came meanwhile
     * @param failed is told instead why it has not, or which address of it stays
     */
    void stop(@Nullable InstancePlan former, HaThread.Work then, Consumer<String> failed)
            throws IOException, InterruptedException {
        beginAnew();
        if (!running && !keepalived.adopt()) {
            keepalived.stop();
            then.run();
            return;
        }
        long patience = former == null ? 0 : patience(former.ha());
        yielding(former != null && former.members().size() > 1, patience, handedOver -> {
            running = false;
            try {
                keepalived.stop();
            } catch (IOException e) {
                failed.accept(String.valueOf(e.getMessage()));
                return;
            } finally {
                watched.steering().set(Reason.RELOAD, false);
            }
            then.run();
        });
    }

    /** Looks whether it lives, and starts it again when it is time. */
    void tend(@Nullable InstancePlan plan) throws IOException, InterruptedException {
        if (!running || plan == null) {
            return;
        }
        long now = thread.now();
        if (!keepalived.isAlive() && restartAt == Long.MAX_VALUE) {
            died();
        }
        if (now >= restartAt) {
            start();
        } else if (keepalived.isAlive() && now - startedAt > RELOADED_MS) {
            watched.faults().set("keepalived-dead", false, "");
            if (now - startedAt > STEADY_MS) {
                deaths = 0;
            }
        }
        keepalived.truncateLog();
    }

    /**
     * A killed keepalived leaves its addresses here and they go on serving. They are taken away by the next one, so that
     * one waits until a peer has them; without a peer to wait for it starts at once.
     */
    private void died() {
        var plan = watched.plan();
        if (!running || plan == null || restartAt != Long.MAX_VALUE || keepalived.isAlive()) {
            return;
        }
        boolean held = watched.roles().isMasterOfAny() && plan.members().size() > 1;
        long wait = held ? plan.ha().detectionMs() + plan.ha().peerCheckIntervalMs() * 3L / 2 : 0;
        long backOff = deaths == 0 ? 0 : Math.min(LONGEST_RESTART_MS, 250L << Math.min(deaths, 7));
        deaths++;
        restartAt = thread.now() + Math.max(wait, backOff);
        watched.faults().set("keepalived-dead", true, "keepalived does not run; it is started again");
        parts.events().record("ha.keepalived-dead", Severity.ALARM, "keepalived ended and is started again");
        plan.routers().forEach(router -> watched.roles().change(router.name(), Kind.STOPPED));
        thread.later(Math.max(wait, backOff), () -> tend(watched.plan()));
    }

    /** How long a peer may take to notice that it is the better one. */
    static long patience(HaSettings ha) {
        return ha.detectionMs() + 2L * ha.peerCheckIntervalMs() + 1_000;
    }

    private static boolean isHere(String address) {
        try {
            return NetworkInterface.getByInetAddress(InetAddress.ofLiteral(address)) != null;
        } catch (SocketException | IllegalArgumentException e) {
            log.warn("It is not known whether {} is here: {}", address, e.toString());
            return false;
        }
    }
}
