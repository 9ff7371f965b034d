package io.garrison.edge.cluster;

import io.garrison.edge.cluster.MemberHealth.Status;
import io.garrison.edge.cluster.link.Link;
import io.garrison.edge.events.EventJournal;
import io.garrison.edge.health.Metrics;
import io.garrison.edge.join.Identity;
import io.garrison.edge.plan.PlanKeeper;
import io.garrison.edge.state.ClusterSettings;
import io.garrison.edge.state.DiscoverySettings;
import io.garrison.edge.sync.Stop;
import io.garrison.protocol.Availability.ClusterState;
import io.garrison.protocol.Availability.MemberState;
import io.garrison.protocol.CertificateMaterial;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** This instance as a member of its stack's cluster. */
public final class ClusterNode implements Cluster {

    private static final Logger log = LoggerFactory.getLogger(ClusterNode.class);
    private static final Duration LAST_WORDS = Duration.ofSeconds(3);
    private static final long MANAGEMENT_FIRST_MS = 3_000;

    private final Parts parts;
    private final ClusterSettings settings;
    private final UUID self;
    private final KeptAddress address;
    private final Membership membership;
    private final MemberTable table;
    private final ClusterNews news;
    private final Elector elector;
    private final PeerExchange exchange;
    private final PeerSync sync;
    private final LinkKeeper keeper;
    private final Stop stop = new Stop();
    private final Turns pulse = new Turns("cluster-pulse");
    private final Turns syncing = new Turns("cluster-sync");
    private volatile long splits;
    private boolean quorum;

    /** @param ballot file of the state directory that belongs to the election */
    public record Parts(
            ClusterSettings settings,
            Supplier<Identity> identity,
            PlanKeeper plans,
            EventJournal events,
            DesiredState desired,
            Path ballot,
            Clock clock,
            RandomGenerator random) {}

    public ClusterNode(Parts parts) {
        this.parts = parts;
        this.settings = parts.settings();
        self = parts.identity().get().instanceId();
        address = new KeptAddress(this::findAddress);
        membership = new Membership(parts.identity(), parts.clock());
        news = new ClusterNews(parts.events(), membership::name);
        table = new MemberTable(self, MemberHealth.Rules.of(settings), membership, parts.clock(), news::memberIs);
        elector = new Elector(
                self,
                Elector.timing(settings),
                new KeptBallot(parts.ballot(), news::ballotDamaged),
                parts.random(),
                this::sayOnce,
                news::mainIs);
        exchange = new PeerExchange(
                this::say, new Answers(parts.desired(), elector, address::known).byTopic(), parts.clock());
        sync = new PeerSync(parts.desired(), exchange, membership, this::source, timeoutMs(), parts.clock());
        keeper = new LinkKeeper(
                new LinkMaking(settings, parts.identity(), membership, new Hearing(), this::port, parts.clock()),
                address::lookNow,
                this::isComplete,
                parts.random(),
                stop);
        parts.plans().plan().ifPresent(membership::take);
        parts.plans().follow(plan -> {
            if (membership.take(plan)) {
                redeclare();
            }
        });
    }

    @Override
    public void start() {
        redeclare();
        keeper.start();
        elector.keepUp(pulse);
        pulse.every(1_000, this::tend);
        pulse.every(settings.health().checkIntervalSecs() * 1_000L, this::check);
        syncing.soon(address::told);
        syncing.every(settings.sync().rulesIntervalSecs() * 1_000L, sync::rules);
        syncing.every(settings.sync().configIntervalSecs() * 1_000L, () -> {
            if (sync.config()) {
                redeclare();
            }
        });
    }

    @Override
    public @Nullable String address() {
        return address.told();
    }

    @Override
    public ClusterState state() {
        var standing = elector.standing();
        var own = new MemberState(
                self,
                membership.name(self),
                address.known(),
                standing.role().name(),
                Status.HEALTHY.name().toLowerCase(Locale.ROOT),
                parts.desired().servingRevision(),
                parts.clock().instant());
        return ClusterView.of(own, standing, table, hasQuorum(), splits);
    }

    @Override
    public Map<String, Object> status() {
        var session = keeper.session();
        var type = settings.discovery().type();
        return new ClusterStatus(
                        state(),
                        parts.desired().servingRevision(),
                        sync.lastRules(),
                        sync.lastConfig(),
                        parts.desired().managementSilent(),
                        elector.seen(),
                        session == null
                                ? PeerFinder.Looked.NOT_YET
                                : session.finder().looked(),
                        new ClusterStatus.Lately(
                                table.falls(),
                                exchange.overflows(),
                                session == null ? 0 : session.finder().lost()),
                        settings.discovery().enabled() && type != null
                                ? type.name().toLowerCase(Locale.ROOT)
                                : null)
                .document();
    }

    @Override
    public Metrics metrics(Metrics metrics) {
        var session = keeper.session();
        long refused = session == null ? 0 : session.link().refusals();
        return new ClusterFigures(state(), elector.seen(), refused).into(metrics);
    }

    @Override
    public CertificateMaterial certificate(String name) throws IOException, InterruptedException {
        return sync.certificate(name);
    }

    @Override
    public void close() {
        stop.now();
        pulse.close();
        syncing.close();
        exchange.close();
        keeper.close(LAST_WORDS);
    }

    private void redeclare() {
        elector.declare(membership.voters());
        keeper.look();
    }

    /** The one of the settings, or that of the plan, or what everybody has. */
    private int port() {
        int said = settings.gossip().port();
        return said != 0
                ? said
                : parts.plans().plan().map(plan -> plan.ha().port()).orElse(DiscoverySettings.PORT);
    }

    private @Nullable String findAddress() {
        return OwnAddress.told(settings.address(), parts.identity().get().gateway(), keeper.own());
    }

    private boolean isComplete() {
        var declared = membership.voters().members();
        return declared.isEmpty()
                ? keeper.present().size() > 1
                : keeper.present().containsAll(declared);
    }

    private boolean hasQuorum() {
        var present = new HashSet<>(keeper.present());
        present.add(self);
        return membership.voters().isQuorum(present);
    }

    /** Who would know more than this instance. */
    private Optional<UUID> source() {
        var main = elector.standing().main();
        return main != null && !main.equals(self) && keeper.present().contains(main)
                ? Optional.of(main)
                : table.bestInformed();
    }

    private void tend() {
        var session = keeper.session();
        if (session != null) {
            session.link().tend();
        }
        boolean now = hasQuorum();
        if (now != quorum) {
            quorum = now;
            news.quorumIs(now);
        }
    }

    private void check() {
        for (var peer : table.peers(keeper.present())) {
            var unused = exchange.ask(peer, Said.STATUS, Said.Asked.PLAINLY, Said.Status.class, timeoutMs())
                    .handle((said, problem) -> {
                        if (said == null) {
                            table.failed(peer);
                        } else {
                            table.answered(peer, said);
                            follow(peer, said);
                        }
                        return true;
                    });
        }
    }

    /** Management tells everybody at the same time; whom it does not reach has the news from the peer. */
    private void follow(UUID peer, Said.Status said) {
        if (sync.isNews(said)) {
            syncing.after(MANAGEMENT_FIRST_MS, () -> sync.follow(peer, said));
        }
    }

    private boolean say(UUID to, byte[] message) {
        var session = keeper.session();
        return session != null && session.link().send(to, message);
    }

    private void sayOnce(@Nullable UUID to, byte[] message) {
        var session = keeper.session();
        if (session != null) {
            session.link().sendOnce(to, message);
        }
    }

    private long timeoutMs() {
        return settings.gossip().timeoutSeconds() * 1_000L;
    }

    private final class Hearing implements Link.Listener {
        @Override
        public void present(Set<UUID> members) {
            table.present(members);
            keeper.look();
            pulse.soon(ClusterNode.this::check);
        }

        @Override
        @SuppressWarnings("NonAtomicVolatileUpdate") // views come one after the other
        public void healed(List<Set<UUID>> apart) {
            splits++;
            news.healed(apart);
        }

        @Override
        public boolean isLight(byte kind) {
            return Wire.isBeat(kind);
        }

        @Override
        public void message(UUID from, byte[] message) {
            if (!membership.isDeclared(from)) {
                // A connection may outlive the declaration.
                log.debug("Not heard: a message of {}, which is no member", from);
                return;
            }
            switch (Wire.read(message).orElse(null)) {
                case Wire.Elects elects -> elector.receive(from, elects.message());
                case Wire.Question question -> exchange.question(from, question);
                case Wire.Answer answer -> exchange.answer(from, answer);
                case null -> log.debug("Not understood: a message of {}", from);
            }
        }
    }
}
