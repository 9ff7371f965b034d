package io.garrison.edge.agent;

import io.garrison.edge.events.EventJournal;
import io.garrison.edge.ha.HaParts;
import io.garrison.edge.ha.HighAvailability;
import io.garrison.edge.ha.bypass.BypassPort;
import io.garrison.edge.ha.bypass.BypassPort.Member;
import io.garrison.edge.ha.bypass.BypassPort.Passage;
import io.garrison.edge.ha.bypass.ExecBypass;
import io.garrison.edge.ha.bypass.NftBypass;
import io.garrison.edge.ha.bypass.NoBypass;
import io.garrison.edge.ha.bypass.TcpBypass;
import io.garrison.edge.ha.keepalived.HaFiles;
import io.garrison.edge.haproxy.DataPlane;
import io.garrison.edge.haproxy.HaproxySockets;
import io.garrison.edge.haproxy.ListenAddresses;
import io.garrison.edge.health.ManagementServer;
import io.garrison.edge.join.Identity;
import io.garrison.edge.plan.PlanKeeper;
import io.garrison.edge.shaping.Rates;
import io.garrison.edge.state.BypassChoice.Driver;
import io.garrison.edge.state.EdgeConfig;
import io.garrison.edge.state.StateDirectory;
import io.garrison.edge.sync.Reconciler;
import io.garrison.protocol.Drill;
import io.garrison.protocol.Policy;
import io.garrison.protocol.PolicyBundle;
import io.garrison.protocol.Pool;
import io.garrison.protocol.VirtualService;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts the shared addresses together with the rest of the agent. */
final class SharedAddresses implements Stacked.Rehearsals, AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(SharedAddresses.class);
    private static final int SILENT_HEARTBEATS = 3;
    private static final Duration SHORTEST_SILENCE = Duration.ofSeconds(15);

    private final HighAvailability availability;
    private final PlanKeeper plans;
    private final Runnable inspect;

    record Surroundings(
            StateDirectory state, EdgeConfig config, Identity identity, ListenAddresses addresses, Clock clock) {}

    /** The parts of the agent that it works with. */
    record Agents(
            PlanKeeper plans,
            EventJournal journal,
            DataPlane dataPlane,
            Reconciler reconciler,
            Loops loops,
            Rates rates,
            Supplier<@Nullable Instant> lastContact,
            BooleanSupplier shutOut,
            Runnable soon) {}

    private SharedAddresses(HighAvailability availability, PlanKeeper plans, Runnable inspect) {
        this.availability = availability;
        this.plans = plans;
        this.inspect = inspect;
    }

    /** @param metered whether the kernel counts bytes for this instance */
    static SharedAddresses of(Surroundings around, Agents agents, boolean metered) throws IOException {
        var silence = Duration.ofSeconds(around.identity().heartbeatSeconds()).multipliedBy(SILENT_HEARTBEATS);
        var availability = new HighAvailability(new HaParts(
                around.state().sharedAddresses(),
                HaproxySockets.of(around.state().dataPlane()),
                bypass(around, agents, metered),
                () -> passages(
                        serving(agents),
                        around.addresses(),
                        around.config().bypass().driver() == Driver.HAPROXY_TCP),
                new PolicySessions(
                        () -> serving(agents),
                        around.addresses(),
                        agents.dataPlane()::passes,
                        agents.dataPlane().tables()::persistent),
                agents.rates()::total,
                agents.lastContact(),
                agents.shutOut(),
                silence.compareTo(SHORTEST_SILENCE) > 0 ? silence : SHORTEST_SILENCE,
                () -> unknownToPeers(around.identity(), around.clock()),
                agents.journal(),
                () -> agents.loops().reconcile().execute(() -> listenAgain(agents.reconciler())),
                agents.soon(),
                around.clock()));
        return new SharedAddresses(availability, agents.plans(), () -> inspectAgain(around, agents));
    }

    private static Policy serving(Agents agents) {
        return agents.reconciler().serving().map(PolicyBundle::policy).orElse(Policy.EMPTY);
    }

    /** Peers hear of a new instance with the heartbeat after the one in which it told its address. */
    private static long unknownToPeers(Identity identity, Clock clock) {
        long most = 2_000L * identity.heartbeatSeconds() + 1_000;
        long joined = Duration.between(identity.issuedAt(), clock.instant()).toMillis();
        return Math.clamp(most - joined, 0, most);
    }

    private static BypassPort bypass(Surroundings around, Agents agents, boolean metered) {
        var choice = around.config().bypass();
        return switch (choice.driver()) {
            case NONE -> new NoBypass();
            case NFT ->
                new NftBypass(
                        around.identity().instanceId(),
                        metered,
                        new HaFiles(around.state().sharedAddresses()).forwarding());
            case HAPROXY_TCP -> new TcpBypass(plane(agents));
            case EXEC -> new ExecBypass(Objects.requireNonNull(choice.command()));
        };
    }

    /**
     * Where clients of each service would go in a bypass.
     *
     * @param endsTls whether it serves those too whose certificate is here; without HAProxy nobody else can
     */
    static List<Passage> passages(Policy policy, ListenAddresses addresses, boolean endsTls) {
        return policy.virtualServices().stream()
                .filter(VirtualService::enabled)
                .map(service -> new Passage(
                        service.name(),
                        addresses.of(service.address()),
                        service.port(),
                        endsTls || service.certificate() == null ? members(policy, service.pool()) : List.of()))
                .toList();
    }

    private static List<Member> members(Policy policy, String pool) {
        return policy.pools().stream()
                .filter(one -> one.name().equals(pool))
                .flatMap(one -> one.members().stream())
                .filter(Pool.Member::enabled)
                .filter(member -> member.weight() > 0)
                .map(member -> new Member(member.address(), member.port()))
                .toList();
    }

    /** An earlier agent had HAProxy for its bypass, and this one has another. */
    private static void inspectAgain(Surroundings around, Agents agents) {
        if (around.config().bypass().driver() == Driver.HAPROXY_TCP
                || !agents.dataPlane().passes()) {
            return;
        }
        try {
            plane(agents).pass(false);
        } catch (IOException e) {
            log.warn(
                    "HAProxy passes connections uninspected from an earlier bypass, and does not end: {}",
                    e.toString());
        }
    }

    private static HaproxyPassing plane(Agents agents) {
        return new HaproxyPassing(
                agents.dataPlane(), agents.reconciler(), agents.loops().reconcile());
    }

    /** A policy that was refused because an address was not here may be taken now. */
    private static void listenAgain(Reconciler reconciler) {
        try {
            if (reconciler.status().error() != null) {
                reconciler.reapply();
            }
        } catch (IOException e) {
            log.warn("The policy is not applied yet: {}", e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    void start() {
        inspect.run();
        availability.start(plans.plan());
        plans.follow(availability::follow);
    }

    HighAvailability availability() {
        return availability;
    }

    @Override
    public void rehearse(Drill drill) {
        availability.rehearse(drill);
    }

    @Override
    public void drillsTaken(List<UUID> drills) {
        availability.drillsTaken(drills);
    }

    Stacked.Shared told() {
        var state = availability.state();
        return new Stacked.Shared(
                state.haRole(),
                state.planError(),
                state.routers(),
                state.bypass(),
                state.flaps(),
                state.activeLinkPairs(),
                state.faults(),
                state.drills());
    }

    Map<String, ManagementServer.Command> commands() {
        return Map.of(
                "ha-bypass-on", () -> Map.of("message", availability.bypass(true), "ok", told().bypass() != null),
                "ha-bypass-off", () -> Map.of("message", availability.bypass(false), "ok", true),
                "ha-release", () -> Map.of("message", availability.release(), "ok", true));
    }

    @Override
    public void close() throws IOException {
        availability.close();
    }
}
