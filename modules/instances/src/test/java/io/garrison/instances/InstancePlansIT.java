package io.garrison.instances;

import static io.garrison.instances.Worlds.anyTenant;
import static io.garrison.instances.Worlds.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.garrison.instances.HighAvailability.StackWish;
import io.garrison.instances.availability.HaWarnings.Warning;
import io.garrison.instances.availability.SharedSettings;
import io.garrison.protocol.Availability;
import io.garrison.protocol.Availability.ClusterState;
import io.garrison.protocol.Availability.Event;
import io.garrison.protocol.Availability.Fault;
import io.garrison.protocol.Availability.RouterState;
import io.garrison.protocol.HaSettings.HaMode;
import io.garrison.protocol.InstancePlan;
import io.garrison.protocol.PlanSigning;
import io.garrison.protocol.ReportAnswer;
import io.garrison.tenancy.CurrentTenant;
import io.garrison.tenancy.TenantId;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;

/** HA-00f, PX-29, DI-34: plans that instances are given, and what they tell of their part in the stack. */
@ServerTest
class InstancePlansIT {

    @Autowired
    HighAvailability availability;

    @Autowired
    StackWatch watch;

    @Autowired
    InstanceManagement instances;

    @Autowired
    InstallationKeys keys;

    @Autowired
    AvailableStacks machines;

    @Autowired
    JdbcClient jdbc;

    @Autowired
    TransactionOperations transactions;

    private final TenantId alice = anyTenant();
    private final String network = "lan-" + UUID.randomUUID();
    private AvailableStacks.Made pair;

    @BeforeEach
    void makeAPair() {
        pair = machines.make(alice, 2);
    }

    private InstancePlan plan(ReportAnswer answer) {
        var signed = answer.plan();
        assertThat(signed).as("a plan").isNotNull();
        return PlanSigning.verify(signed, trusted());
    }

    private Map<String, PublicKey> trusted() {
        try {
            var name = keys.signingKey().name();
            var key = KeyFactory.getInstance("Ed25519")
                    .generatePublic(new X509EncodedKeySpec(Base64.getDecoder().decode(name.publicKey())));
            return Map.of(name.keyId(), key);
        } catch (java.security.GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private void passive(int intervalMs, @Nullable String password) {
        var router = AvailableStacks.router(network, "web", 10, "192.0.2.10", password);
        var shared = new SharedSettings(HaMode.ACTIVE_PASSIVE, 10_101, intervalMs, 2);
        var wish = new StackWish(null, shared, pair.sides(0), List.of(router));
        as(alice, () -> availability.change(pair.stack(), -1, wish));
    }

    private AvailableStacks.Machine machine(int at) {
        return pair.machines().get(at);
    }

    @Test
    void handsOutASignedPlanUntilItIsInForceAndTheNextWhenSomethingChanges() {
        var first = plan(machine(0).reports(0, "192.0.2.1"));
        assertThat(first.number()).isEqualTo(1);
        assertThat(first.instanceId()).isEqualTo(pair.id(0).value());
        assertThat(first.ha().mode()).isEqualTo(HaMode.NONE);
        assertThat(first.members()).hasSize(2);
        assertThat(plan(machine(0).reports(0, "192.0.2.1"))).as("asked again").isEqualTo(first);
        assertThat(machine(0).reports(1, "192.0.2.1").plan()).as("in force").isNull();

        passive(1_000, "secret");

        var second = plan(machine(0).reports(1, "192.0.2.1"));
        assertThat(second.number()).isEqualTo(2);
        assertThat(second.ha().primary()).isTrue();
        assertThat(second.ha().detectionMs()).isEqualTo(2_000);
        assertThat(second.routers().getFirst().priority()).isEqualTo(150);
        assertThat(second.routers().getFirst().password()).isEqualTo("secret");
        var others = plan(machine(1).reports(0, "192.0.2.2"));
        assertThat(others.number()).isEqualTo(1);
        assertThat(others.routers().getFirst().priority()).isEqualTo(100);
        assertThat(storedPlans()).doesNotContain("secret").doesNotContain("payload");
    }

    private String storedPlans() {
        return CurrentTenant.callAs(
                alice,
                () -> transactions.execute(status -> jdbc.sql(
                                "select string_agg(encode(sealed_plan, 'escape'), ' ') from instances.instance_availability")
                        .query(String.class)
                        .single()));
    }

    @Test
    void countsOnlyWhatChangesThePlan() {
        passive(1_000, null);
        assertThat(plan(machine(0).reports(0, "192.0.2.1")).number()).isEqualTo(1);

        passive(1_000, null);

        assertThat(machine(0).reports(1, "192.0.2.1").plan()).as("saved again").isNull();
        assertThat(plan(machine(0).reports(0, "192.0.2.1")).number()).isEqualTo(1);
    }

    @Test
    void plansAnewWhenMembersJoinMoveOrLeave() {
        plan(machine(0).reports(0, "192.0.2.1"));

        assertThat(plan(machine(1).reports(0, "192.0.2.2")).members())
                .extracting(InstancePlan.Member::address)
                .containsExactlyInAnyOrder("192.0.2.1", "192.0.2.2");
        var met = plan(machine(0).reports(1, "192.0.2.1"));
        assertThat(met.number()).isEqualTo(2);
        var third = machines.join(alice, pair);
        var joined = plan(machine(0).reports(2, "192.0.2.1"));
        assertThat(joined.members()).hasSize(3);
        plan(machine(1).reports(1, "192.0.2.77"));
        assertThat(plan(machine(0).reports(3, "192.0.2.1")).members())
                .extracting(InstancePlan.Member::address)
                .contains("192.0.2.77");
        as(alice, () -> instances.decommission(third.identity.instanceId(), false));
        var left = plan(machine(0).reports(4, "192.0.2.1"));
        assertThat(left.number()).isEqualTo(5);
        assertThat(left.members()).hasSize(2);
        assertThatExceptionOfType(InstanceException.EdgeUnauthenticated.class)
                .isThrownBy(() -> third.reports(0, "192.0.2.3"));
    }

    @Test
    void goesOnAboveWhatTheInstanceHasAfterTheDatabaseWentBack() {
        plan(machine(0).reports(0, "192.0.2.1"));

        var above = plan(machine(0).reports(7, "192.0.2.1"));

        assertThat(above.number()).isEqualTo(8);
        assertThat(machine(0).reports(8, "192.0.2.1").plan()).isNull();
        assertThat(plan(machine(0).reports(Long.MAX_VALUE, "192.0.2.1")).number())
                .as("no number of ours")
                .isEqualTo(8);
    }

    @Test
    void makesOnePlanForOneNumberHoweverManyAskAtOnce() throws Exception {
        var seen = new HashMap<Long, InstancePlan>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int round = 1; round <= 10; round++) {
                int interval = 1_000 + round * 10;
                var calls = new ArrayList<Callable<ReportAnswer>>();
                for (int i = 0; i < 4; i++) {
                    calls.add(() -> machine(0).reports(0, "192.0.2.1"));
                }
                calls.add(() -> {
                    passive(interval, null);
                    return machine(0).reports(0, "192.0.2.1");
                });
                for (var answer : threads.invokeAll(calls)) {
                    var plan = plan(answer.get());
                    var before = seen.putIfAbsent(plan.number(), plan);
                    assertThat(before == null ? plan : before).isEqualTo(plan);
                }
            }
        }
        assertThat(plan(machine(0).reports(0, "192.0.2.1")).ha().peerCheckIntervalMs())
                .isEqualTo(1_100);
        assertThat(new HashSet<>(seen.keySet()))
                .containsExactlyInAnyOrderElementsOf(
                        LongStream.rangeClosed(1, seen.size()).boxed().toList());
    }

    @Test
    void tellsAnAgentThatKnowsOfNoStackNothing() {
        var answer = machine(0).reports((Availability) null);

        assertThat(answer.plan()).isNull();
        assertThat(answer.eventsTaken()).isNull();
    }

    private Availability holding(String state) {
        return new Availability(
                0,
                null,
                "localhost",
                List.of(new RouterState("web", state, null)),
                null,
                0,
                null,
                List.of(),
                null,
                List.of(),
                List.of());
    }

    @Test
    void shutsOutWhoHoldsAddressesOnlyWhenForced() {
        machine(0).reports(holding("MASTER"));
        machine(1).reports(holding("MASTER"));

        for (var out : List.<Callable<InstanceSummary>>of(
                () -> instances.quarantine(pair.id(0), false), () -> instances.decommission(pair.id(0), false))) {
            assertThatExceptionOfType(InstanceException.HoldsAddresses.class)
                    .isThrownBy(() -> as(alice, () -> call(out)))
                    .satisfies(refusal -> assertThat(refusal.code()).isEqualTo("instance.holds-addresses"));
        }
        silence(pair.id(0));
        as(alice, () -> instances.decommission(pair.id(0), false));
        as(alice, () -> instances.decommission(pair.id(1), true));
        assertThat(audited("instance.decommissioned"))
                .as("what was forced, and what for")
                .anySatisfy(entry -> assertThat(entry).containsPattern("\"force\": ?true"))
                .anySatisfy(entry -> assertThat(entry).containsPattern("\"force\": ?false"));
        assertThat(rowsLeft()).as("no peers, so it went, and what it told too").isZero();

        var other = machines.make(alice, 2, "other");
        other.machines().getFirst().reports(holding("MASTER"));
        assertThat(as(alice, () -> instances.quarantine(other.id(0), true)).lifecycleState())
                .isEqualTo(LifecycleState.QUARANTINED);
        assertThat(audited("instance.quarantined"))
                .singleElement()
                .satisfies(entry -> assertThat(entry)
                        .containsPattern("\"force\": ?true")
                        .containsPattern("\"heldRouters\": ?\\[\"web\"\\]"));
        assertThat(as(alice, () -> instances.decommission(other.id(0), false)).lifecycleState())
                .isEqualTo(LifecycleState.RETIRED);
    }

    private List<String> audited(String action) {
        return CurrentTenant.callAs(
                alice,
                () -> transactions.execute(
                        status -> jdbc.sql("select details::text from tenancy.audit_entry where action = ?")
                                .param(action)
                                .query(String.class)
                                .list()));
    }

    private static InstanceSummary call(Callable<InstanceSummary> work) {
        try {
            return work.call();
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private void silence(InstanceId id) {
        CurrentTenant.runAs(
                alice,
                () -> transactions.executeWithoutResult(status -> jdbc.sql(
                                "update instances.heartbeat set stack_seen = now() - interval '1 hour' where instance_id = ?")
                        .param(id.value())
                        .update()));
    }

    private long rowsLeft() {
        return CurrentTenant.callAs(
                alice,
                () -> transactions.execute(status -> jdbc.sql("select count(*) from instances.instance_availability")
                        .query(Long.class)
                        .single()));
    }

    @Test
    void tellsPeersOnlyAddressesOfMachines() {
        for (var odd : List.of("edge.example", "127.0.0.1", "::1", "0.0.0.0", "224.0.0.18", "255.255.255.255")) {
            assertThat(AvailabilityTalk.reachable(odd)).as(odd).isNull();
        }
        assertThat(AvailabilityTalk.reachable("192.0.2.1")).isEqualTo("192.0.2.1");
        assertThat(AvailabilityTalk.reachable("2001:db8::1")).isEqualTo("2001:db8::1");
    }

    private Availability with(List<Event> events) {
        return new Availability(0, null, null, List.of(), null, 0, null, List.of(), null, events, List.of());
    }

    private static Event event(UUID boot, long sequence) {
        return new Event(boot, sequence, Instant.now(), "ha.role-changed", "WARNING", "event " + sequence);
    }

    @Test
    void keepsEachEventOnceAndTheNewestOfMany() {
        var boot = machine(0).boot;
        var told = with(List.of(event(boot, 1), event(boot, 2), event(boot, 3)));

        assertThat(machine(0).reports(told).eventsTaken()).isEqualTo(3);
        assertThat(machine(0).reports(told).eventsTaken()).as("told again").isEqualTo(3);
        assertThat(machine(0).reports(with(List.of())).eventsTaken()).isZero();
        assertThat(messages(10)).containsExactly("event 3", "event 2", "event 1");

        CurrentTenant.runAs(
                alice,
                () -> transactions.executeWithoutResult(status -> jdbc.sql("""
                                insert into instances.instance_event (tenant_id, instance_id, stack_id, boot_id, sequence,
                                    at, received_at, code, severity, message)
                                select :tenant, :instance, :stack, :boot, n, now(), now(), 'ha.role-changed', 'INFO',
                                       'event ' || n
                                  from generate_series(4, 10000) n""")
                        .param("tenant", alice.value())
                        .param("instance", pair.id(0).value())
                        .param("stack", pair.stack().value())
                        .param("boot", boot)
                        .update()));
        var more = LongStream.rangeClosed(10_001, 10_100)
                .mapToObj(number -> event(boot, number))
                .toList();
        assertThat(machine(0).reports(with(more)).eventsTaken()).isEqualTo(10_100);
        var kept = CurrentTenant.callAs(
                alice,
                () -> transactions.execute(
                        status -> jdbc.sql("select min(sequence) || '–' || max(sequence) from instances.instance_event")
                                .query(String.class)
                                .single()));
        assertThat(kept).isEqualTo("101–10100");
    }

    private List<String> messages(int limit) {
        return as(alice, () -> watch.events(pair.id(0), null, limit)).stream()
                .map(InstanceEvent::message)
                .toList();
    }

    @Test
    void pagesThroughTheEventsOfAllInstances() {
        for (int at = 0; at < 2; at++) {
            machine(at).reports(with(List.of(event(machine(at).boot, 1), event(machine(at).boot, 2))));
        }

        var first = as(alice, () -> watch.events(pair.stack(), null, 3));
        var rest = as(alice, () -> watch.events(pair.stack(), first.getLast().position(), 3));

        assertThat(EventCursor.parse(first.getLast().position().text()))
                .contains(first.getLast().position());
        assertThat(EventCursor.parse("17")).isEmpty();
        assertThat(first).hasSize(3);
        assertThat(rest).hasSize(1);
        assertThat(first).extracting(InstanceEvent::instanceId).contains(pair.id(0), pair.id(1));
    }

    @Test
    void putsTogetherWhatTheMembersTell() {
        passive(1_000, null);
        var exchanged = Instant.parse("2026-11-27T10:00:00Z");
        machine(0).reports(member(0, "MAIN", "MASTER", null, List.of(), exchanged));
        machine(1).reports(member(1, "WORKER", "BACKUP", null, List.of(), null));

        var well = as(alice, () -> watch.cluster(pair.stack()));

        assertThat(well.clusterEnabled()).isTrue();
        assertThat(well.localNode()).isEqualTo(pair.id(0).value());
        assertThat(well.role()).isEqualTo("MAIN");
        assertThat(well.term()).isEqualTo(4);
        assertThat(well.peers()).singleElement().satisfies(peer -> {
            assertThat(peer.nodeId()).isEqualTo(pair.id(1).value());
            assertThat(peer.role()).isEqualTo("WORKER");
            assertThat(peer.status()).isEqualTo("healthy");
        });
        assertThat(well.sync().lastRuleSync()).isEqualTo(exchanged);
        assertThat(well.clusterHealth()).isEqualTo("HEALTHY");
        assertThat(well.healthyMembers()).isEqualTo(2);
        assertThat(well.warnings()).isEmpty();

        machine(0)
                .reports(member(
                        0, "MAIN", "MASTER", "flaps", List.of(new Fault("link-down", "eth0", exchanged)), exchanged));
        machine(1).reports(member(1, "WORKER", "MASTER", null, List.of(), null));

        var ill = as(alice, () -> watch.cluster(pair.stack()));
        assertThat(ill.clusterHealth()).isEqualTo("NOT HEALTHY");
        assertThat(ill.healthyMembers()).isEqualTo(1);
        assertThat(ill.warnings())
                .extracting(Warning::code)
                .containsExactlyInAnyOrder("ha.bypass", "ha.router-held-twice");
        assertThat(ill.members().stream().filter(member -> member.bypass() != null))
                .singleElement()
                .satisfies(member -> assertThat(member.faults()).hasSize(1));
    }

    private Availability member(
            int at,
            String role,
            String state,
            @Nullable String bypass,
            List<Fault> faults,
            @Nullable Instant exchanged) {
        return new Availability(
                0,
                null,
                "192.0.2." + (at + 1),
                List.of(new RouterState("web", state, exchanged)),
                bypass,
                0,
                null,
                faults,
                new ClusterState(pair.id(at).value(), role, 4, pair.id(0).value(), true, List.of(), 0, exchanged, 12.5),
                List.of(),
                List.of());
    }
}
