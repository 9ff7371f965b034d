package io.garrison.edge.agent;

import io.garrison.edge.events.EventJournal;
import io.garrison.edge.haproxy.DataPlane;
import io.garrison.edge.haproxy.ListenAddresses;
import io.garrison.edge.health.BalancerServer;
import io.garrison.edge.health.ManagementServer;
import io.garrison.edge.join.Identity;
import io.garrison.edge.join.IdentityStore;
import io.garrison.edge.license.LeaseKeeper;
import io.garrison.edge.meter.ByteCounters;
import io.garrison.edge.plan.PlanKeeper;
import io.garrison.edge.state.EdgeConfig;
import io.garrison.edge.state.StateDirectory;
import io.garrison.edge.sync.GatewayClient;
import io.garrison.edge.sync.Heartbeat;
import io.garrison.edge.sync.Reconciler;
import io.garrison.edge.sync.Renewal;
import io.garrison.edge.sync.RevisionLoop;
import io.garrison.edge.sync.Sync;
import io.garrison.protocol.Telemetry.AccessEvent;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One instance's agent, from start to close. Closing it leaves the data plane running. */
public final class Agent implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Agent.class);

    /** How old the status may be that is shown after a crash. */
    private static final long STATUS_NANOS = 10_000_000_000L;

    private final StateDirectory state;
    private final DataPlane dataPlane;
    private final Clock clock;
    private final Loops loops = new Loops();
    private final GatewayClient gateway;
    private final Reconciler reconciler;
    private final RevisionLoop revisions;
    private final AgentCommands commands;
    private final Statuses statuses;
    private final Heartbeat heartbeat;
    private final Renewal renewal;
    private final LeaseKeeper leases;
    private final Recording recording;
    private final Throughput throughput;
    private final SharedAddresses shared;
    private final Sharing sharing;
    private final ManagementServer management;
    private final BalancerServer balancers;
    private final Peered peered;
    private final Checkup checkup;
    private volatile long tickedNanos = System.nanoTime();
    private long statusNanos = System.nanoTime();

    /**
     * Everything is in place when this returns; {@link #start} sets it going.
     *
     * @param bootId of the kernel
     * @param machineSettings what the settings were read from as well, as the doctor reads them again
     */
    public Agent(
            StateDirectory state,
            EdgeConfig config,
            Identity identity,
            DataPlane dataPlane,
            ByteCounters kernel,
            String bootId,
            Clock clock,
            Optional<Path> machineSettings)
            throws IOException {
        RandomGenerator random = new SecureRandom();
        this.state = state;
        var yielding = new YieldingDataPlane(dataPlane);
        this.dataPlane = yielding;
        this.clock = clock;
        var addresses = new ListenAddresses(config.addresses());
        gateway = new GatewayClient(identity, loops.network());
        renewal = new Renewal(identity, new IdentityStore(state), gateway, clock, random);
        leases = new LeaseKeeper(state, renewal::identity, clock);
        var plans = new PlanKeeper(state.plan(), renewal::identity);
        var journal = new EventJournal(clock, this::reportSoon);
        peered = new Peered(
                new Peered.Parts(state, config.cluster(), renewal::identity, gateway, loops.reconcile(), clock),
                plans,
                journal,
                random);
        reconciler = Sync.reconciler(
                state, identity, peered::material, yielding, addresses, leases, clock, this::reportSoon);
        revisions = new RevisionLoop(gateway, reconciler, loops.reconcile(), random, loops.stop());
        commands = new AgentCommands(yielding, reconciler, loops.reconcile(), revisions, leases, this::reportSoon);
        throughput =
                Throughput.of(state, identity.instanceId(), reconciler::serving, addresses, loops, this::reportSoon);
        shared = SharedAddresses.of(
                new SharedAddresses.Surroundings(state, config, identity, addresses, clock),
                new SharedAddresses.Agents(
                        plans,
                        journal,
                        dataPlane,
                        reconciler,
                        loops,
                        throughput.rates(),
                        this::lastContact,
                        gateway::isShutOut,
                        this::reportSoon),
                kernel != ByteCounters.NONE);
        yielding.yieldTo(shared.availability());
        recording = new Recording(new Recording.Parts(
                state,
                config,
                identity.instanceId(),
                dataPlane,
                reconciler::serving,
                addresses,
                throughput.rates(),
                kernel,
                bootId,
                gateway,
                loops,
                random,
                clock));
        sharing = new Sharing(state, plans, renewal::identity, dataPlane, clock);
        statuses = new Statuses(
                state.status(), identity, reconciler, shared, yielding, recording.spool(), leases, throughput, sharing);
        var stacked = new Stacked(
                plans,
                journal,
                peered.cluster()::address,
                () -> sharing.with(shared.told()),
                () -> sharing.with(peered.cluster().state()),
                shared);
        checkup = new Checkup(
                new Checkup.Parts(
                        state,
                        config,
                        machineSettings,
                        peered.cluster()::status,
                        sharing::problems,
                        sharing::damaged,
                        clock),
                this::reportSoon);
        var reporting = new Reporting(new Reporting.Parts(
                dataPlane,
                reconciler,
                loops.reconcile(),
                renewal,
                recording.spool(),
                leases,
                throughput,
                stacked,
                checkup.examining(),
                recording::flush,
                recording::heard,
                this::reportSoon,
                clock));
        heartbeat = new Heartbeat(gateway, reporting, identity.heartbeatSeconds(), clock, random, loops.stop());
        peered.knows(reconciler, heartbeat);
        var shown = new Shown(
                dataPlane,
                reconciler,
                heartbeat,
                recording.spool(),
                leases,
                throughput.shaper(),
                peered.cluster(),
                () -> tickedNanos);
        management = new ManagementServer(
                config.managementPort(),
                state.control(),
                new ManagementServer.Endpoints(
                        shown::health,
                        shown::ready,
                        shown::clusterStatus,
                        () -> shown.metrics() + sharing.metrics(),
                        commands()));
        balancers = BalancerServer.listen(config.cluster().health().listen(), shown::health, shown::ready);
    }

    /** Puts what served before back into service, then sets all loops going. */
    public void start() throws IOException, InterruptedException {
        // By its own thread: the data plane waits for no limit.
        loops.everySecond(loops.shaping(), throughput.shaper()::tend);
        commands.onReconcile(() -> {
            try {
                reconciler.start();
            } catch (IOException e) {
                log.error("The data plane did not start: {}; trying on", e.toString());
            }
            return "";
        });
        shared.start();
        loops.everySecond(loops.counting(), this::tick);
        loops.everySecond(loops.reconcile(), this::tend);
        loops.run("aux", () -> sharing.run(loops));
        loops.run("renewal", () -> {
            while (!loops.stop().isSet()) {
                renewal.tend();
                loops.stop().await(Duration.ofSeconds(1));
            }
        });
        loops.run("revisions", revisions::run);
        loops.run("heartbeat", heartbeat::run);
        loops.run("shipping", recording.shipping()::run);
        peered.cluster().start();
        statuses.write();
    }

    /** Takes an event of the access log. Thread-safe. */
    public void event(AccessEvent event) {
        recording.add(event);
    }

    /** Loopback port of health, metrics and commands. */
    public int managementPort() {
        return management.port();
    }

    @Override
    public void close() throws IOException {
        management.close();
        balancers.close();
        loops.stop().now();
        peered.cluster().close();
        heartbeat.beatNow();
        recording.shipping().wake();
        gateway.close();
        shared.close();
        loops.close();
        recording.settle();
        statuses.write();
        recording.close();
        leases.close();
        dataPlane.close();
    }

    private void tick() {
        recording.tick();
        tickedNanos = System.nanoTime();
        if (tickedNanos - statusNanos > STATUS_NANOS) {
            statusNanos = tickedNanos;
            checkup.tend();
            statuses.write();
        }
    }

    private void tend() {
        leases.tend();
        try {
            reconciler.tend();
            sharing.tend(reconciler);
        } catch (IOException e) {
            log.warn("The data plane needs help: {}", e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void reportSoon() {
        // The reconciler speaks before the heartbeat exists.
        if (heartbeat != null) {
            heartbeat.beatNow();
        }
    }

    private @Nullable Instant lastContact() {
        return heartbeat == null ? null : heartbeat.lastContact();
    }

    private Map<String, ManagementServer.Command> commands() {
        var all = new HashMap<String, ManagementServer.Command>(sharing.commands());
        all.putAll(commands.commands(state));
        all.putAll(shared.commands());
        all.putAll(checkup.commands());
        all.put("status", statuses::now);
        return all;
    }
}
