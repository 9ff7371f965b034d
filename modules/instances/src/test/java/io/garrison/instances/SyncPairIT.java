package io.garrison.instances;

import static io.garrison.instances.Worlds.anyTenant;
import static io.garrison.instances.Worlds.as;
import static io.garrison.instances.Worlds.policy;
import static io.garrison.instances.Worlds.runAs;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.garrison.instances.ConfigurationSync.Keep;
import io.garrison.instances.ConfigurationSync.Scope;
import io.garrison.instances.ConfigurationSync.StackState;
import io.garrison.instances.ConfigurationSync.State;
import io.garrison.instances.ConfigurationSync.Wish;
import io.garrison.instances.InstanceException.SyncRefused;
import io.garrison.instances.peer.Fingerprint;
import io.garrison.instances.peer.Peer;
import io.garrison.instances.peer.PeerTrouble;
import io.garrison.instances.pki.Authority;
import io.garrison.licensing.SubLicenseId;
import io.garrison.protocol.Policy;
import io.garrison.protocol.ProtocolJson;
import io.garrison.tenancy.Actor;
import io.garrison.tenancy.AuditTrail;
import io.garrison.tenancy.CurrentTenant;
import io.garrison.tenancy.DeploymentMode;
import io.garrison.tenancy.DeploymentRules;
import io.garrison.tenancy.Refusal;
import io.garrison.tenancy.TenantId;
import io.garrison.tenancy.http.EntityTag;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.bouncycastle.util.io.pem.PemObject;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Two sides that keep one configuration (MS-04), as two tenants of one database who call each other without a network in
 * between. How they prove who they are is {@code PeerConversationIT}.
 */
@ServerTest
class SyncPairIT {

    private static final Set<Scope> BOTH = Set.of(Scope.POLICY, Scope.CERTIFICATES);
    private static final String STACK = "web";

    @Autowired
    StackManagement stacks;

    @Autowired
    PolicyManagement policies;

    @Autowired
    CertificateManagement certificates;

    @Autowired
    SyncStore store;

    @Autowired
    SyncStates states;

    @Autowired
    SyncExchange exchange;

    @Autowired
    SyncRound round;

    @Autowired
    SyncSettingsReader reader;

    @Autowired
    SyncDialling dialling;

    @Autowired
    SyncContacts contacts;

    @Autowired
    SyncBell bell;

    @Autowired
    AuditTrail audit;

    @Autowired
    TestLicensing licensing;

    @Autowired
    JdbcClient jdbc;

    @Autowired
    Clock clock;

    @Autowired
    PlatformTransactionManager transactions;

    private final Authority authority = Authority.create(Instant.now());
    private Side a;
    private Side b;

    /** One of the two. */
    private final class Side {
        private final TenantId tenant = anyTenant();
        private final SubLicenseId subLicense;
        private final String name;

        Side(String name, long virtualServices) {
            this.name = name;
            this.subLicense = licensing.sell(tenant, 1, virtualServices);
            set(true, BOTH);
        }

        void set(boolean acceptRemote, Set<Scope> scope) {
            set(true, acceptRemote, scope);
        }

        void switchOff() {
            set(false, true, BOTH);
        }

        private void set(boolean enabled, boolean acceptRemote, Set<Scope> scope) {
            var wish = new Wish(enabled, acceptRemote, "peer.example", 9000, 9000, null, 10, scope);
            inTransaction(() -> {
                store.save(wish, clock.instant(), "test");
                return true;
            });
        }

        long version() {
            return as(tenant, () -> reader.read().settings()).version();
        }

        <T> T inTransaction(Supplier<T> work) {
            return as(tenant, () -> new TransactionTemplate(transactions).execute(status -> work.get()));
        }

        StackId make() {
            return make(STACK);
        }

        StackId make(String stack) {
            return as(tenant, () -> stacks.create(stack, subLicense, TrafficMode.MIXED))
                    .id();
        }

        StackId stack() {
            return stack(STACK);
        }

        StackId stack(String called) {
            return as(tenant, () -> stacks.list(null, 10)).stream()
                    .filter(one -> one.name().equals(called))
                    .findFirst()
                    .orElseThrow()
                    .id();
        }

        void publish(Policy policy) {
            publish(STACK, policy, "by " + name);
        }

        void publish(String called, Policy policy, String comment) {
            as(tenant, () -> policies.save(stack(called), -1, policy));
            as(tenant, () -> policies.publish(stack(called), comment));
        }

        Policy published() {
            return as(
                            tenant,
                            () -> policies.revision(stack(), stacks.get(stack()).latestRevision()))
                    .policy();
        }

        long revision() {
            return as(tenant, () -> stacks.get(stack())).latestRevision();
        }

        List<Policy> history() {
            return as(tenant, () -> policies.revisions(stack(), null, 50)).stream()
                    .map(one -> as(tenant, () -> policies.revision(stack(), one.number()))
                            .policy())
                    .toList();
        }

        Peer seenFrom(Side other) {
            return new SyncLocalPeer(exchange, tenant, version(), other.name + ".example");
        }

        /** What this side does every few seconds. */
        void round(Peer peer) {
            round(round, peer);
        }

        void round(SyncRound round, Peer peer) {
            try {
                CurrentTenant.callAs(
                        tenant,
                        () -> Actor.<Boolean, PeerTrouble>callAs(
                                SyncLocalPeer.actor("peer.example", "peer.example"), () -> {
                                    round.run(reader.read().settings(), peer);
                                    return true;
                                }));
            } catch (PeerTrouble e) {
                throw new IllegalStateException(e);
            }
        }

        StackState state() {
            return state(STACK);
        }

        StackState state(String called) {
            return inTransaction(states::status).stacks().stream()
                    .filter(one -> one.name().equals(called))
                    .findFirst()
                    .orElseThrow();
        }

        void resolve(Keep keep, String theirs) {
            inTransaction(() -> service().resolve(STACK, keep, theirs));
        }
    }

    private ConfigurationSyncService service() {
        return new ConfigurationSyncService(
                store,
                states,
                reader,
                dialling,
                new ConfigurationSyncService.Recording(
                        DeploymentRules.of(DeploymentMode.STANDALONE), audit, contacts, bell, clock));
    }

    @BeforeEach
    void makeThePair() {
        a = new Side("a", 10);
        b = new Side("b", 10);
    }

    private void round() {
        a.round(b.seenFrom(a));
    }

    private void inSync(Policy policy) {
        a.make();
        a.publish(policy);
        round();
        assertThat(b.published()).isEqualTo(policy);
        b.round(a.seenFrom(b));
    }

    @Test
    void makesAndPublishesWhatOnlyOneSideHas() {
        a.make();
        a.publish(STACK, policy("shop", 80), "first");

        round();

        assertThat(b.published()).isEqualTo(policy("shop", 80));
        var revision = as(b.tenant, () -> policies.revision(b.stack(), 1)).summary();
        assertThat(revision.comment()).isEqualTo("Configuration Sync from a.example: first");
        assertThat(revision.publishedBy()).isEqualTo("Configuration Sync from a.example");
        assertThat(as(b.tenant, () -> stacks.get(b.stack())).trafficMode()).isEqualTo(TrafficMode.MIXED);
        assertThat(List.of(a.state().state(), b.state().state())).containsOnly(State.IN_SYNC);
        var entries = b.inTransaction(() -> jdbc.sql(
                        "select action || ' ' || actor_name from tenancy.audit_entry where tenant_id = ? order by index")
                .param(b.tenant.value())
                .query(String.class)
                .list());
        assertThat(entries).contains("policy.published Configuration Sync from a.example");
        round();
        b.round(a.seenFrom(b));
        assertThat(a.revision() + b.revision())
                .as("what is the same stays as it is")
                .isEqualTo(2);
    }

    @Test
    void carriesChangesBothWays() {
        inSync(policy("shop", 80));

        b.publish(policy("shop", 81));
        round();
        assertThat(a.published()).as("fetched").isEqualTo(policy("shop", 81));
        a.publish(policy("shop", 82));
        a.publish(policy("shop", 83));
        b.round(a.seenFrom(b));
        assertThat(b.published()).as("the newest of several").isEqualTo(policy("shop", 83));
        b.publish(policy("shop", 84));
        b.round(a.seenFrom(b));
        assertThat(a.published()).as("handed over").isEqualTo(policy("shop", 84));
    }

    @Test
    void movesNothingWhereBothHaveChanged() {
        inSync(policy("shop", 80));
        a.publish(policy("shop", 81));
        b.publish(policy("shop", 82));

        for (int i = 0; i < 3; i++) {
            round();
            b.round(a.seenFrom(b));
        }

        assertThat(a.published()).isEqualTo(policy("shop", 81));
        assertThat(b.published()).isEqualTo(policy("shop", 82));
        for (var side : List.of(a, b)) {
            var state = side.state();
            assertThat(state.state()).isEqualTo(State.CONFLICT);
            assertThat(state.base()).isEqualTo(ProtocolJson.sha256(policy("shop", 80)));
            assertThat(state.conflict().changes())
                    .singleElement()
                    .satisfies(change -> assertThat(change.path()).isEqualTo("/virtualServices/shop/port"));
        }
        assertThat(a.state().conflict().changes().getFirst().before()).isEqualTo("81");
    }

    @Test
    void treatsDifferentPoliciesAtTheFirstContactAsAConflict() {
        a.make();
        b.make();
        a.publish(policy("shop", 81));
        b.publish(policy("shop", 82));

        round();

        assertThat(List.of(a.state().state(), b.state().state())).containsOnly(State.CONFLICT);
        assertThat(List.of(a.revision(), b.revision())).containsOnly(1L);
    }

    @Test
    void keepsWhatAPersonHasChosenAndBothInTheHistory() {
        inSync(policy("shop", 80));
        a.publish(policy("shop", 81));
        b.publish(policy("shop", 82));
        round();

        a.resolve(Keep.MINE, ProtocolJson.sha256(policy("shop", 82)));
        assertThat(a.state().choice()).isEqualTo(Keep.MINE);
        round();
        b.round(a.seenFrom(b));

        assertThat(b.published()).isEqualTo(policy("shop", 81));
        assertThat(b.history()).contains(policy("shop", 82), policy("shop", 81), policy("shop", 80));
        assertThat(List.of(a.state().state(), b.state().state())).containsOnly(State.IN_SYNC);

        a.publish(policy("shop", 83));
        b.publish(policy("shop", 84));
        round();
        a.resolve(Keep.THEIRS, null);
        round();
        assertThat(a.published()).isEqualTo(policy("shop", 84));
        assertThat(a.history()).contains(policy("shop", 83));
        assertThat(b.published()).isEqualTo(policy("shop", 84));
    }

    @Test
    void forgetsAChoiceBetweenOthersThanThereAreNow() {
        inSync(policy("shop", 80));
        a.publish(policy("shop", 81));
        b.publish(policy("shop", 82));
        round();
        assertThatExceptionOfType(SyncRefused.class)
                .isThrownBy(() -> a.resolve(Keep.MINE, ProtocolJson.sha256(policy("shop", 99))))
                .satisfies(refused -> assertThat(refused.code()).isEqualTo("sync.moved-on"));

        a.resolve(Keep.MINE, null);
        b.publish(policy("shop", 83));
        round();

        assertThat(b.published()).as("nobody has seen this one").isEqualTo(policy("shop", 83));
        assertThat(a.state().state()).isEqualTo(State.CONFLICT);
        assertThat(a.state().choice()).isNull();
    }

    @Test
    void asksForNoChoiceWhereThereIsNone() {
        inSync(policy("shop", 80));

        assertThatExceptionOfType(SyncRefused.class)
                .isThrownBy(() -> a.resolve(Keep.MINE, null))
                .satisfies(refused -> assertThat(refused.code()).isEqualTo("sync.no-conflict"));
    }

    @Test
    void changesNothingWhereRemoteChangesAreNotAcceptedButHandsItsOwnOver() {
        inSync(policy("shop", 80));
        b.set(false, BOTH);
        a.publish(policy("shop", 81));

        round();
        b.round(a.seenFrom(b));

        assertThat(b.published()).isEqualTo(policy("shop", 80));
        assertThat(b.state().state()).isEqualTo(State.BEHIND);
        assertThat(a.state().state()).isEqualTo(State.REFUSED);
        assertThat(a.state().trouble().code()).isEqualTo("sync.remote-not-accepted");
        b.resolve(Keep.THEIRS, null);
        b.round(a.seenFrom(b));
        assertThat(b.published()).as("a person has taken it").isEqualTo(policy("shop", 81));
        b.publish(policy("shop", 82));
        b.round(a.seenFrom(b));
        assertThat(a.published()).isEqualTo(policy("shop", 82));
    }

    @Test
    void showsAtBothWhyItDoesNotHoldThereAndLeavesNothingHalfDone() {
        b = new Side("b", 1);
        inSync(policy("shop", 80));
        var two = ProtocolJson.read("""
                {"virtualServices":[{"name":"shop","address":"192.0.2.10","port":81,"pool":"web"},
                                    {"name":"more","address":"192.0.2.10","port":82,"pool":"web"}],
                 "pools":[{"name":"web","members":[{"address":"192.0.2.20","port":8080}]}]}""".getBytes(), Policy.class);
        a.publish(two);

        for (int i = 0; i < 2; i++) {
            round();
            b.round(a.seenFrom(b));
        }

        for (var side : List.of(a, b)) {
            assertThat(side.state().state()).isEqualTo(State.REFUSED);
            assertThat(side.state().trouble().code()).isEqualTo("policy.invalid");
            assertThat(side.state().trouble().message()).contains("allows 1 virtual services");
        }
        assertThat(b.revision()).isEqualTo(1);
        a.publish(policy("shop", 83));
        round();
        assertThat(b.published()).isEqualTo(policy("shop", 83));
        b.round(a.seenFrom(b));
        assertThat(List.of(a.state().state(), b.state().state())).containsOnly(State.IN_SYNC);
    }

    @Test
    void leavesADraftThatSomebodyIsAtWorkOn() {
        inSync(policy("shop", 80));
        assertThat(draft(b)).as("nobody was at work on it").isEqualTo(policy("shop", 80));
        as(b.tenant, () -> policies.save(b.stack(), -1, policy("mine", 90)));
        a.publish(policy("shop", 81));

        round();

        assertThat(b.published()).isEqualTo(policy("shop", 81));
        assertThat(draft(b)).isEqualTo(policy("mine", 90));
    }

    private Policy draft(Side side) {
        return as(side.tenant, () -> policies.draft(side.stack())).policy();
    }

    private String pem() {
        var pair = Authority.newKeyPair();
        var certificate =
                authority.issueServer(pair.getPublic(), List.of("shop.example"), Instant.now(), Duration.ofDays(30));
        return Authority.pem(new PemObject("PRIVATE KEY", pair.getPrivate().getEncoded()))
                + Authority.pem(authority.certificate())
                + Authority.pem(certificate);
    }

    private static Policy withCertificate(int port) {
        return ProtocolJson.read("""
                {"virtualServices":[{"name":"shop","address":"192.0.2.10","port":%d,"certificate":"site","pool":"web"}],
                 "pools":[{"name":"web","members":[{"address":"192.0.2.20","port":8080}]}]}""".formatted(port).getBytes(), Policy.class);
    }

    private String certificate(Side side) {
        return as(side.tenant, () -> certificates.get(side.stack(), "site")).sha256();
    }

    @Test
    void takesCertificatesAlongWithTheirKeysIfTheyAreInScope() {
        a.make();
        as(a.tenant, () -> certificates.add(a.stack(), "site", pem()));
        inSyncWith(withCertificate(443));

        assertThat(certificate(b)).isEqualTo(certificate(a));
        as(a.tenant, () -> certificates.replace(a.stack(), "site", -1, pem()));
        round();
        assertThat(certificate(b)).as("not published yet").isNotEqualTo(certificate(a));
        as(a.tenant, () -> policies.publish(a.stack(), "renewed"));
        round();
        assertThat(certificate(b)).isEqualTo(certificate(a));

        as(b.tenant, () -> certificates.replace(b.stack(), "site", -1, pem()));
        var unpublished = certificate(b);
        as(a.tenant, () -> certificates.replace(a.stack(), "site", -1, pem()));
        as(a.tenant, () -> policies.publish(a.stack(), "renewed again"));
        round();
        assertThat(certificate(b)).as("somebody is at work on it").isEqualTo(unpublished);
        assertThat(b.state().trouble().code()).isEqualTo("sync.certificate-unpublished");
    }

    private void inSyncWith(Policy policy) {
        a.publish(policy);
        round();
        assertThat(b.published()).isEqualTo(policy);
    }

    @Test
    void leavesCertificatesToEachSideIfTheyAreNotInScope() {
        b.set(true, Set.of(Scope.POLICY));
        a.make();
        b.make();
        as(a.tenant, () -> certificates.add(a.stack(), "site", pem()));
        a.publish(withCertificate(443));

        round();
        assertThat(b.state().trouble().message()).contains("no certificate of this name");
        as(b.tenant, () -> certificates.add(b.stack(), "site", pem()));
        round();

        assertThat(b.published()).isEqualTo(withCertificate(443));
        assertThat(certificate(b)).isNotEqualTo(certificate(a));
        assertThat(List.of(a.state().state(), b.state().state())).containsOnly(State.IN_SYNC);
        b.set(true, BOTH);
        round();
        assertThat(a.state().state())
                .as("from then on certificates are compared, and they never were the same")
                .isEqualTo(State.CONFLICT);
    }

    @Test
    void publishesNoCertificateAlongThatNobodyHasPublished() {
        for (var side : List.of(a, b)) {
            side.set(true, Set.of(Scope.POLICY));
            side.make();
            as(side.tenant, () -> certificates.add(side.stack(), "site", pem()));
        }
        inSyncWith(withCertificate(443));
        var served = certificate(b);
        as(b.tenant, () -> certificates.replace(b.stack(), "site", -1, pem()));
        a.publish(withCertificate(444));

        round();

        assertThat(b.published()).as("somebody is at work on it").isEqualTo(withCertificate(443));
        assertThat(List.of(a.state().trouble().code(), b.state().trouble().code()))
                .containsOnly("sync.certificate-unpublished");
        as(b.tenant, () -> policies.publish(b.stack(), "renewed"));
        round();
        assertThat(b.published()).isEqualTo(withCertificate(444));
        assertThat(certificate(b)).isNotEqualTo(served);
    }

    @Test
    void doesNotCarryDeletionsOver() {
        inSync(policy("shop", 80));
        runAs(b.tenant, () -> stacks.delete(b.stack(), -1));

        round();

        assertThat(a.state().state()).isEqualTo(State.CONFLICT);
        assertThatExceptionOfType(Refusal.class)
                .isThrownBy(() -> a.resolve(Keep.THEIRS, null))
                .satisfies(refused -> assertThat(refused.code()).isEqualTo("sync.delete-by-hand"));
        a.resolve(Keep.MINE, null);
        round();
        assertThat(b.published()).isEqualTo(policy("shop", 80));
        runAs(a.tenant, () -> stacks.delete(a.stack(), -1));
        runAs(b.tenant, () -> stacks.delete(b.stack(), -1));
        round();
        assertThat(a.inTransaction(store::memories))
                .as("nothing is left to remember")
                .isEmpty();
    }

    /** Swallows the answer after the work was done, as a line does that breaks. */
    @Test
    void findsOutWhatBecameOfWhatWasSentWhenTheAnswerIsLost() {
        inSync(policy("shop", 80));
        a.publish(policy("shop", 81));
        var line = new Breaking(b.seenFrom(a));

        assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> a.round(line));
        assertThat(b.published()).isEqualTo(policy("shop", 81));
        a.publish(policy("shop", 82));
        round();

        assertThat(b.published()).as("no conflict of its own making").isEqualTo(policy("shop", 82));
    }

    @Test
    void findsOutTheSameWhoeverDialsNext() {
        inSync(policy("shop", 80));
        a.publish(policy("shop", 81));
        var line = new Breaking(b.seenFrom(a));
        assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> a.round(line));
        a.publish(policy("shop", 82));

        b.round(a.seenFrom(b));
        assertThat(b.published()).isEqualTo(policy("shop", 82));
        b.publish(policy("shop", 83));
        round();

        assertThat(a.published()).isEqualTo(policy("shop", 83));
        assertThat(b.state().state())
                .as("the other has fetched it, and not told so yet; no conflict")
                .isEqualTo(State.AHEAD);
        round();
        assertThat(List.of(a.state().state(), b.state().state())).containsOnly(State.IN_SYNC);
    }

    private record Breaking(Peer peer) implements Peer {
        @Override
        public Overview overview(Overview here) throws PeerTrouble {
            return peer.overview(here);
        }

        @Override
        public Content content(String stack, boolean whole) throws PeerTrouble {
            return peer.content(stack, whole);
        }

        @Override
        public Taken take(Offer offer) throws PeerTrouble {
            peer.take(offer);
            throw new PeerTrouble(PeerTrouble.Kind.UNREACHABLE, "sync.unreachable", "The connection broke off.");
        }
    }

    @Test
    void refusesAnOfferThatWasOvertaken() throws Exception {
        inSync(policy("shop", 80));
        a.publish(policy("shop", 81));
        var content = CurrentTenant.callAs(a.tenant, () -> exchange.content(a.version(), STACK, true));
        var base = new Fingerprint(
                ProtocolJson.sha256(policy("shop", 80)), content.fingerprint().certificates());
        b.publish(policy("shop", 82));

        assertThatExceptionOfType(PeerTrouble.class)
                .isThrownBy(() -> b.seenFrom(a).take(new Peer.Offer(content, base, base, false)))
                .satisfies(refused -> assertThat(refused.code()).isEqualTo("sync.moved-on"));
        assertThat(b.published()).isEqualTo(policy("shop", 82));
    }

    @Test
    void publishesNothingElseThanWhatWasAnnounced() {
        inSync(policy("shop", 80));
        a.publish(policy("shop", 81));
        var content = CurrentTenant.callAs(a.tenant, () -> exchange.content(a.version(), STACK, true));
        var other = new Peer.Content(
                STACK, "MIXED", content.fingerprint(), 2, "", policy("shop", 99), content.certificates());
        var base = CurrentTenant.callAs(b.tenant, () -> exchange.base(STACK));

        assertThatExceptionOfType(PeerTrouble.class)
                .isThrownBy(() -> b.seenFrom(a).take(new Peer.Offer(other, base, base, false)))
                .satisfies(refused -> assertThat(refused.code()).isEqualTo("sync.unintelligible"));
        assertThat(b.published()).isEqualTo(policy("shop", 80));
    }

    /** Another machine takes the address and the key of one that died, with a stack of the same name. */
    @Test
    void treatsAPeerThatWasReplacedAsOneThatItMeetsForTheFirstTime() throws Exception {
        inSync(policy("shop", 80));
        b = new Side("c", 10);
        b.make();
        b.publish(policy("shop", 81));

        round();
        b.round(a.seenFrom(b));

        assertThat(a.published()).isEqualTo(policy("shop", 80));
        assertThat(b.published()).isEqualTo(policy("shop", 81));
        assertThat(List.of(a.state().state(), b.state().state())).containsOnly(State.CONFLICT);
        assertThat(a.state().conflict().changes()).hasSize(1);
        var content = CurrentTenant.callAs(b.tenant, () -> exchange.content(b.version(), STACK, true));
        var expected = CurrentTenant.callAs(a.tenant, () -> exchange.base(STACK));
        assertThatExceptionOfType(PeerTrouble.class)
                .as("whatever the other makes of it")
                .isThrownBy(() -> a.seenFrom(b).take(new Peer.Offer(content, expected, null, false)))
                .satisfies(refused -> assertThat(refused.code()).isEqualTo("sync.conflict"));
        a.resolve(Keep.MINE, ProtocolJson.sha256(policy("shop", 81)));
        round();
        assertThat(b.published()).as("a person has chosen").isEqualTo(policy("shop", 80));
        b.publish(policy("shop", 82));
        round();
        assertThat(a.published()).as("they go on from there").isEqualTo(policy("shop", 82));
    }

    @Test
    void fillsAnEmptyMachineThatTakesThePlaceOfOneThatDied() {
        inSync(policy("shop", 80));
        b = new Side("c", 10);

        b.round(a.seenFrom(b));
        round();

        assertThat(b.published()).isEqualTo(policy("shop", 80));
        assertThat(List.of(a.state().state(), b.state().state())).containsOnly(State.IN_SYNC);
    }

    /** It comes back with what it served and remembered yesterday. */
    @Test
    void treatsAPeerThatWasRestoredFromACopyAsAConflict() {
        inSync(policy("shop", 80));
        var yesterday = b.inTransaction(() -> store.memory(STACK));
        a.publish(policy("shop", 81));
        round();
        assertThat(b.published()).isEqualTo(policy("shop", 81));
        b = new Side("b", 10);
        b.make();
        b.publish(policy("shop", 80));
        b.inTransaction(() -> {
            store.remember(STACK, yesterday);
            return true;
        });

        for (int i = 0; i < 2; i++) {
            b.round(a.seenFrom(b));
            round();
        }

        assertThat(a.published()).isEqualTo(policy("shop", 81));
        assertThat(b.published()).isEqualTo(policy("shop", 80));
        assertThat(List.of(a.state().state(), b.state().state())).containsOnly(State.CONFLICT);
        a.resolve(Keep.THEIRS, null);
        round();
        assertThat(a.published()).isEqualTo(policy("shop", 80));
        assertThat(a.history()).contains(policy("shop", 81));
    }

    /** Does something before what was asked for arrives. */
    private record Meanwhile(Peer peer, Runnable work) implements Peer {
        @Override
        public Overview overview(Overview here) throws PeerTrouble {
            return peer.overview(here);
        }

        @Override
        public Content content(String stack, boolean whole) throws PeerTrouble {
            var content = peer.content(stack, whole);
            work.run();
            return content;
        }

        @Override
        public Taken take(Offer offer) throws PeerTrouble {
            var taken = peer.take(offer);
            work.run();
            return taken;
        }
    }

    @Test
    void publishesNothingAnyMoreOnceItIsSwitchedOff() {
        inSync(policy("shop", 80));
        b.publish(policy("shop", 81));

        assertThatExceptionOfType(SyncRefused.class)
                .isThrownBy(() -> a.round(new Meanwhile(b.seenFrom(a), a::switchOff)))
                .satisfies(refused -> assertThat(refused.code()).isEqualTo("sync.settings-changed"));
        assertThat(a.published()).isEqualTo(policy("shop", 80));
        assertThatExceptionOfType(SyncRefused.class)
                .as("nor does another round begin")
                .isThrownBy(() -> a.round(b.seenFrom(a)));
        a.set(true, BOTH);
        round();
        assertThat(a.published()).isEqualTo(policy("shop", 81));
    }

    @Test
    void handsNothingMoreOverOnceItWasSetAnew() {
        a.make("one");
        a.make("two");
        a.publish("one", policy("shop", 80), "");
        a.publish("two", policy("shop", 80), "");

        assertThatExceptionOfType(SyncRefused.class)
                .isThrownBy(() -> a.round(new Meanwhile(b.seenFrom(a), () -> a.set(true, BOTH))));

        assertThat(as(b.tenant, () -> stacks.list(null, 10)))
                .as("only what went over before")
                .hasSize(1);
        round();
        assertThat(as(b.tenant, () -> stacks.list(null, 10))).hasSize(2);
        assertThat(List.of(a.state("one").state(), a.state("two").state())).containsOnly(State.IN_SYNC);
    }

    @Test
    void answersNobodyWhoProvedAnotherKeyThanTheOneOfNow() throws Exception {
        inSync(policy("shop", 80));
        a.publish(policy("shop", 81));
        var base = CurrentTenant.callAs(b.tenant, () -> exchange.base(STACK));
        var content = CurrentTenant.callAs(a.tenant, () -> exchange.content(a.version(), STACK, true));
        for (Runnable change : List.<Runnable>of(() -> b.set(true, BOTH), b::switchOff)) {
            var before = b.seenFrom(a);
            change.run();

            for (ThrowingCallable question : List.<ThrowingCallable>of(
                    () -> before.overview(new Peer.Overview(List.of())),
                    () -> before.content(STACK, false),
                    () -> before.content(STACK, true),
                    () -> before.take(new Peer.Offer(content, base, base, true)))) {
                assertThatExceptionOfType(PeerTrouble.class)
                        .isThrownBy(question)
                        .satisfies(refused -> assertThat(refused.code()).isEqualTo("sync.settings-changed"));
            }
        }
        assertThat(b.published()).isEqualTo(policy("shop", 80));
        assertThat(b.state().trouble()).isNull();
    }

    @Test
    void fetchesNothingThatIsNeitherTakenByItselfNorChosen() throws Exception {
        inSync(policy("shop", 80));
        b.publish(policy("shop", 81));
        a.set(false, BOTH);
        var mine = CurrentTenant.callAs(a.tenant, () -> exchange.base(STACK));
        var content = CurrentTenant.callAs(b.tenant, () -> exchange.content(b.version(), STACK, true));

        assertThatExceptionOfType(SyncRefused.class)
                .isThrownBy(() -> runAs(a.tenant, () -> exchange.pull(a.version(), content, mine, "b.example")))
                .satisfies(refused -> assertThat(refused.code()).isEqualTo("sync.moved-on"));
        assertThat(a.published()).isEqualTo(policy("shop", 80));
    }

    @Test
    void endsARoundThatTakesTooLongForTheNextOneToGoOn() {
        a.make("one");
        a.make("two");
        a.publish("one", policy("shop", 80), "");
        a.publish("two", policy("shop", 80), "");
        var now = new AtomicReference<>(Instant.now());
        InstantSource time = now::get;
        var slow = new SyncRound(exchange, time.withZone(ZoneOffset.UTC));
        var peer = new Meanwhile(
                b.seenFrom(a),
                () -> now.updateAndGet(at -> at.plus(SyncRound.MOST).plusSeconds(1)));

        a.round(slow, peer);
        assertThat(as(b.tenant, () -> stacks.list(null, 10))).hasSize(1);
        a.round(slow, peer);
        assertThat(as(b.tenant, () -> stacks.list(null, 10))).hasSize(2);
    }

    @RepeatedTest(5)
    void neverOverwritesWhenBothAreAtItAtOnce() throws Exception {
        inSync(policy("shop", 80));
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var work = List.of(
                    threads.submit(() -> {
                        a.publish(policy("shop", 81));
                        a.round(b.seenFrom(a));
                    }),
                    threads.submit(() -> {
                        b.publish(policy("shop", 82));
                        b.round(a.seenFrom(b));
                    }));
            for (var one : work) {
                one.get();
            }
        }
        round();
        b.round(a.seenFrom(b));

        boolean conflict = a.state().state() == State.CONFLICT;
        assertThat(b.state().state()).isEqualTo(a.state().state());
        if (conflict) {
            assertThat(a.published()).isEqualTo(policy("shop", 81));
            assertThat(b.published()).isEqualTo(policy("shop", 82));
        } else {
            // One was through before the other began; then that one followed upon it.
            assertThat(a.published()).isEqualTo(b.published());
            assertThat(a.history()).contains(policy("shop", 81));
            assertThat(b.history()).contains(policy("shop", 82));
        }
    }

    @Test
    void keepsItsSettingsByVersionAndItsKeySealed() {
        var side = new Side("c", 1);
        var service = service();
        var key = side.inTransaction(service::newKey);
        var settings = side.inTransaction(service::settings);

        assertThat(key).hasSize(43);
        assertThat(settings.authKeySet()).isTrue();
        assertThat(as(side.tenant, () -> new String(reader.read().key()))).isEqualTo(key);
        assertThat(side.inTransaction(() -> new String(jdbc.sql("select sealed_key from instances.configuration_sync")
                        .query(byte[].class)
                        .single())))
                .doesNotContain(key);
        var wish = new Wish(true, true, "b.example", 9001, 9002, null, 5, Set.of(Scope.POLICY));
        var changed = side.inTransaction(() -> service.change(settings.version(), wish));
        assertThat(changed.version()).isEqualTo(settings.version() + 1);
        assertThat(changed.peerPort()).isEqualTo(9001);
        assertThat(as(side.tenant, () -> new String(reader.read().key()))).isEqualTo(key);
        assertThatExceptionOfType(EntityTag.Stale.class)
                .isThrownBy(() -> side.inTransaction(() -> service.change(settings.version(), wish)));
    }

    @Test
    void namesEveryFieldThatIsWrong() {
        var wish = new Wish(true, true, "no host", 0, 70_000, "short", 61, Set.of(Scope.CERTIFICATES));

        assertThatExceptionOfType(InstanceException.Invalid.class)
                .isThrownBy(() -> a.inTransaction(() -> service().change(-1, wish)))
                .satisfies(refused -> assertThat(refused.errors())
                        .extracting(Refusal.FieldError::field)
                        .containsExactly(
                                "/peerHost", "/peerPort", "/listenPort", "/authKey", "/timeoutSeconds", "/scope"));
        var withoutKey = new Wish(true, true, "192.0.2.1", 9000, 9000, null, 10, BOTH);
        assertThatExceptionOfType(InstanceException.Invalid.class)
                .isThrownBy(() -> a.inTransaction(() -> service().change(-1, withoutKey)))
                .satisfies(refused -> assertThat(refused.errors()).hasSize(1));
    }

    @Autowired
    ConfigurationSync here;

    @Test
    void isNotThereInOtherModes() {
        assertThatExceptionOfType(InstanceException.StandaloneOnly.class)
                .isThrownBy(() -> as(a.tenant, () -> here.settings()));
        assertThatExceptionOfType(InstanceException.StandaloneOnly.class)
                .isThrownBy(() -> as(a.tenant, () -> here.newKey()));
    }
}
