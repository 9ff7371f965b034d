package io.garrison.instances;

import static io.garrison.instances.Worlds.anyTenant;
import static io.garrison.instances.Worlds.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.garrison.instances.HighAvailability.StackWish;
import io.garrison.instances.StackManagement.Change;
import io.garrison.instances.availability.SharedSettings;
import io.garrison.protocol.Availability;
import io.garrison.protocol.Availability.ClusterState;
import io.garrison.protocol.Availability.MemberState;
import io.garrison.protocol.Availability.RouterState;
import io.garrison.protocol.HaSettings.HaMode;
import io.garrison.protocol.InstancePlan;
import io.garrison.protocol.ProtocolJson;
import io.garrison.tenancy.CurrentTenant;
import io.garrison.tenancy.TenantId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionOperations;

/** PX-34: LOST instances are retired after the time that their stack says, and never at the cost of its majority. */
@ServerTest
class RetirementsIT {

    @Autowired
    StackManagement stacks;

    @Autowired
    InstanceManagement instances;

    @Autowired
    HighAvailability availability;

    @Autowired
    StackWatch watch;

    @Autowired
    AvailableStacks machines;

    @Autowired
    JdbcClient jdbc;

    @Autowired
    Spare spare;

    @Autowired
    Retirements.Acts acts;

    @Autowired
    InstanceSettings settings;

    @Autowired
    PlatformTransactionManager transactions;

    @Autowired
    TransactionOperations transaction;

    private final TenantId alice = anyTenant();
    private AvailableStacks.Made made;

    private final Map<Integer, Long> plans = new HashMap<>();

    private void makeStack(int size, int hours) {
        made = machines.make(alice, size);
        as(alice, () -> stacks.change(made.stack(), -1, Change.retireLostAfter(hours)));
        beats("MASTER", null, IntStream.range(0, size).toArray());
    }

    /**
     * Of these, until each follows the newest plan.
     *
     * @param router how the first stands to it; the others are backups
     * @param sees another that the first has contact with
     */
    private void beats(String router, @Nullable UUID sees, int... heard) {
        for (int round = 0; round < 4; round++) {
            for (int at : heard) {
                beat(at, at == heard[0] ? router : "BACKUP", at == heard[0] ? sees : null);
            }
        }
    }

    private void beat(int at, String router, @Nullable UUID sees) {
        var members = sees == null
                ? List.<MemberState>of()
                : List.of(new MemberState(sees, null, null, "WORKER", "healthy", 0, Instant.now()));
        var answer = made.machines()
                .get(at)
                .reports(new Availability(
                        plans.getOrDefault(at, 0L),
                        null,
                        "192.0.2." + (at + 1),
                        List.of(new RouterState("web", router, null)),
                        null,
                        0,
                        null,
                        List.of(),
                        new ClusterState(made.id(at).value(), "WORKER", 1, null, true, members, 0, null, null),
                        List.of(),
                        List.of()));
        var plan = answer.plan();
        if (plan != null) {
            byte[] payload = Base64.getUrlDecoder().decode(plan.payload());
            plans.put(at, ProtocolJson.read(payload, InstancePlan.class).number());
        }
    }

    private void lose(int at, Duration ago) {
        change(
                "update instances.instance set lifecycle = 'LOST', lifecycle_since = :at where id = :id",
                at,
                Instant.now().minus(ago));
    }

    private void change(String sql, int at, Instant time) {
        CurrentTenant.runAs(
                alice,
                () -> transaction.executeWithoutResult(status -> jdbc.sql(sql)
                        .param("at", Sql.time(time))
                        .param("id", made.id(at).value())
                        .update()));
    }

    private void sweep() {
        var longAgo = Clock.fixed(Instant.now().minus(Duration.ofDays(1)), ZoneOffset.UTC);
        new Retirements(jdbc, spare, acts, settings, longAgo, transactions).retire(Instant.now());
    }

    private LifecycleState state(int at) {
        return as(alice, () -> instances.get(made.id(at))).lifecycleState();
    }

    private List<String> audited(String action) {
        return CurrentTenant.callAs(
                alice,
                () -> transaction.execute(status -> jdbc.sql(
                                "select actor_name || ' ' || details from tenancy.audit_entry where action = ?")
                        .param(action)
                        .query(String.class)
                        .list()));
    }

    @Test
    void retiresAfterTheTimeOfItsStackAndNotBefore() {
        makeStack(3, 48);
        lose(2, Duration.ofHours(2));
        sweep();
        assertThat(state(2)).as("48 h").isEqualTo(LifecycleState.LOST);
        as(alice, () -> stacks.change(made.stack(), -1, Change.retireLostAfter(0)));
        sweep();
        assertThat(state(2)).as("never").isEqualTo(LifecycleState.LOST);

        var before = as(alice, () -> stacks.change(made.stack(), -1, Change.retireLostAfter(1)));
        assertThat(before.retireLostAfterHours()).isEqualTo(1);
        sweep();

        assertThat(state(2)).as("1 h").isEqualTo(LifecycleState.RETIRED);
        assertThat(as(alice, () -> instances.get(made.id(2))).seatUntil())
                .as("its seat is free")
                .isNull();
        assertThat(as(alice, () -> watch.cluster(made.stack())).members()).hasSize(2);
        assertThat(as(alice, () -> watch.events(made.stack(), null, 10)))
                .extracting(InstanceEvent::code)
                .containsExactly("cluster.member-retired");
        assertThat(audited("instance.retired"))
                .singleElement()
                .satisfies(entry ->
                        assertThat(entry).contains("retirement", made.stack().toString(), "lostForHours"));
        assertThat(audited("stack.retirement-changed")).hasSize(3);
    }

    /** It hears of it with its next word, and leaves the addresses that it shares. */
    @Test
    void tellsWhoComesBack() {
        makeStack(3, 1);
        lose(2, Duration.ofHours(2));
        sweep();

        assertThatExceptionOfType(InstanceException.EdgeUnauthenticated.class)
                .isThrownBy(() -> beat(2, "MASTER", null))
                .satisfies(refusal -> assertThat(refusal.code()).isEqualTo("edge.shut-out"));
        var again = machines.join(alice, made);
        again.reports(0, "192.0.2.3");
        assertThat(as(alice, () -> watch.cluster(made.stack())).members()).hasSize(3);
    }

    @Test
    void leavesEverybodyWhereTheOthersCanNotDecide() {
        makeStack(4, 1);
        lose(2, Duration.ofHours(2));
        lose(3, Duration.ofHours(3));
        sweep();
        assertThat(List.of(state(2), state(3))).as("two of four").containsOnly(LifecycleState.LOST);

        machines.join(alice, made);
        beats("MASTER", null, 0, 1, 4);
        sweep();
        assertThat(List.of(state(2), state(3)))
                .as("three of five, and the one that was lost first goes first")
                .containsExactly(LifecycleState.LOST, LifecycleState.RETIRED);
        sweep();
        assertThat(state(2))
                .as("the others do not follow the plan without the first yet")
                .isEqualTo(LifecycleState.LOST);
        beats("MASTER", null, 0, 1, 4);
        sweep();
        assertThat(state(2)).as("three of four").isEqualTo(LifecycleState.RETIRED);
        for (int at : new int[] {0, 1, 4}) {
            lose(at, Duration.ofHours(2));
        }
        sweep();
        assertThat(state(0)).as("all are lost").isEqualTo(LifecycleState.LOST);
    }

    private void passive(int primary) {
        var router = AvailableStacks.router("lan-" + UUID.randomUUID(), "web", 10, "192.0.2.10", null);
        var shared = new SharedSettings(HaMode.ACTIVE_PASSIVE, 10_101, 2_000, 2);
        as(
                alice,
                () -> availability.change(
                        made.stack(), -1, new StackWish(null, shared, made.sides(primary), List.of(router))));
    }

    @Test
    void letsOfTwoThePrimaryDoWithoutTheOther() {
        makeStack(2, 1);
        passive(1);
        beats("MASTER", null, 0);
        lose(1, Duration.ofHours(2));
        sweep();
        assertThat(state(1)).as("the primary is lost").isEqualTo(LifecycleState.LOST);

        passive(0);
        beats("MASTER", null, 0, 1);
        lose(1, Duration.ofHours(2));
        sweep();
        assertThat(state(1)).as("the primary is there").isEqualTo(LifecycleState.RETIRED);
        lose(0, Duration.ofHours(2));
        sweep();
        assertThat(state(0)).as("the last one").isEqualTo(LifecycleState.LOST);
    }

    @Test
    void leavesWhoServesAndIsOnlyCutOffFromManagement() {
        makeStack(3, 1);
        passive(0);
        lose(2, Duration.ofHours(2));
        beats("MASTER", made.id(2).value(), 0, 1);
        sweep();
        assertThat(state(2)).as("a peer sees it").isEqualTo(LifecycleState.LOST);

        beats("BACKUP", null, 0, 1);
        sweep();
        assertThat(state(2)).as("somebody unheard holds the addresses").isEqualTo(LifecycleState.LOST);

        beats("MASTER", null, 0, 1);
        sweep();
        assertThat(state(2)).isEqualTo(LifecycleState.RETIRED);
    }

    @Test
    void waitsAfterAStartOfManagementUntilEverybodyCanHaveReturned() {
        makeStack(3, 1);
        lose(2, Duration.ofHours(2));
        var now = Instant.now();
        var fresh = new Retirements(jdbc, spare, acts, settings, Clock.fixed(now, ZoneOffset.UTC), transactions);
        fresh.retire(now.plusSeconds(29));
        assertThat(state(2)).isEqualTo(LifecycleState.LOST);
    }

    @Test
    void refusesTimesThatAreNone() {
        makeStack(1, 0);
        for (int hours : new int[] {-1, StackManagement.MOST_RETIRE_HOURS + 1}) {
            assertThatExceptionOfType(InstanceException.Invalid.class)
                    .isThrownBy(() -> as(alice, () -> stacks.change(made.stack(), -1, Change.retireLostAfter(hours))))
                    .satisfies(refusal ->
                            assertThat(refusal.errors().getFirst().field()).isEqualTo("/retireLostAfterHours"));
        }
    }
}
