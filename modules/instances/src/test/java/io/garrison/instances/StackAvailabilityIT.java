package io.garrison.instances;

import static io.garrison.instances.AvailableStacks.router;
import static io.garrison.instances.Worlds.anyTenant;
import static io.garrison.instances.Worlds.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.garrison.instances.HighAvailability.InstanceWish;
import io.garrison.instances.HighAvailability.StackHa;
import io.garrison.instances.HighAvailability.StackWish;
import io.garrison.instances.availability.HaWarnings.Warning;
import io.garrison.instances.availability.RouterSettings;
import io.garrison.instances.availability.SharedSettings;
import io.garrison.instances.availability.Side;
import io.garrison.protocol.HaSettings;
import io.garrison.protocol.HaSettings.HaMode;
import io.garrison.protocol.InstancePlan;
import io.garrison.protocol.ProtocolJson;
import io.garrison.protocol.SignedBundle;
import io.garrison.protocol.VirtualRouter.VirtualAddress;
import io.garrison.tenancy.CurrentTenant;
import io.garrison.tenancy.Permission;
import io.garrison.tenancy.Refusal;
import io.garrison.tenancy.Role;
import io.garrison.tenancy.TenantId;
import io.garrison.tenancy.http.EntityTag;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;

/** HA-00f, HA-00g, HA-01 to HA-11: the settings of a stack's high availability, kept. */
@ServerTest
class StackAvailabilityIT {

    private static final SharedSettings PASSIVE = new SharedSettings(HaMode.ACTIVE_PASSIVE, 10_101, 1_000, 3);

    @Autowired
    HighAvailability availability;

    @Autowired
    StackWatch watch;

    @Autowired
    InstanceManagement instances;

    @Autowired
    StackManagement stacks;

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

    private static Side side(InstanceId id, boolean primary) {
        return Side.untold(id.value()).asPrimary(primary);
    }

    private StackWish passive(RouterSettings... routers) {
        return new StackWish(null, PASSIVE, pair.sides(0), List.of(routers));
    }

    private RouterSettings web(int number, @Nullable String password) {
        return router(network, "web", number, "192.0.2." + number, password);
    }

    private static InstanceWish primary(InstanceId id, boolean primary, boolean take) {
        return new InstanceWish(Side.untold(id.value()), null, null, null, null, primary, take);
    }

    private StackHa now() {
        return as(alice, () -> availability.ofStack(pair.stack()));
    }

    @Test
    void writesAllSidesAtOnceAndComputesTheDetection() {
        var before = now();
        assertThat(before.version()).isZero();
        assertThat(before.settings().shared()).isEqualTo(SharedSettings.DEFAULT);

        var after = as(alice, () -> availability.change(pair.stack(), 0, passive(web(10, null))));

        assertThat(after.version()).isEqualTo(1);
        assertThat(after.settings().shared().detectionMs()).isEqualTo(3_000);
        assertThat(after.settings().trafficMode()).isEqualTo(TrafficMode.ACTIVE_PASSIVE);
        assertThat(after.settings().primary()).contains(pair.id(0).value());
        var other = as(alice, () -> availability.ofInstance(pair.id(1)));
        assertThat(other.side().ha().mode()).isEqualTo(HaMode.ACTIVE_PASSIVE);
        assertThat(other.side().ha().primary()).isFalse();
        assertThat(other.side().ha().detectionMs()).isEqualTo(3_000);
        assertThat(as(alice, () -> stacks.get(pair.stack())).trafficMode()).isEqualTo(TrafficMode.ACTIVE_PASSIVE);
    }

    @Test
    void refusesAChangeOfWhatWasNotSeen() {
        as(alice, () -> availability.change(pair.stack(), 0, passive()));

        assertThatExceptionOfType(EntityTag.Stale.class)
                .isThrownBy(() -> as(alice, () -> availability.change(pair.stack(), 0, passive())));
        assertThatExceptionOfType(EntityTag.Stale.class)
                .isThrownBy(() ->
                        as(alice, () -> availability.change(pair.id(0), 0, primary(pair.id(0), true, false))));
    }

    @Test
    void keepsExactlyOnePrimaryHoweverItIsAsked() {
        as(alice, () -> availability.change(pair.stack(), -1, passive()));
        assertThatExceptionOfType(HaException.Invalid.class)
                .isThrownBy(() -> as(
                        alice,
                        () -> availability.change(
                                pair.stack(), -1, new StackWish(null, PASSIVE, List.of(), List.of()))));
        assertThatExceptionOfType(HaException.TwoPrimaries.class)
                .isThrownBy(() ->
                        as(alice, () -> availability.change(pair.id(1), -1, primary(pair.id(1), true, false))));
        assertThatExceptionOfType(HaException.NoPrimary.class)
                .isThrownBy(() ->
                        as(alice, () -> availability.change(pair.id(0), -1, primary(pair.id(0), false, false))));

        as(alice, () -> availability.change(pair.id(1), -1, primary(pair.id(1), true, true)));

        assertThat(now().settings().primary()).contains(pair.id(1).value());
        assertThat(now().settings().sides()).filteredOn(Side::primary).hasSize(1);
    }

    @Test
    void changesForAllInstancesWhatTheyAgreeOn() {
        var wish = new InstanceWish(
                new Side(pair.id(0).value(), HaSettings.DEFAULT, List.of(), 5_000_000L),
                HaMode.ACTIVE_PASSIVE,
                null,
                500,
                4,
                true,
                false);

        var after = as(alice, () -> availability.change(pair.id(0), 0, wish));

        assertThat(after.side().declaredCapacityBps()).isEqualTo(5_000_000);
        var other = as(alice, () -> availability.ofInstance(pair.id(1))).side();
        assertThat(other.ha().peerCheckIntervalMs()).isEqualTo(500);
        assertThat(other.ha().detectionMs()).isEqualTo(2_000);
        assertThat(other.declaredCapacityBps()).isNull();
    }

    @Test
    void tellsEveryErrorAtItsPlaceAndChangesNothing() {
        var wish = new StackWish(
                null,
                new SharedSettings(HaMode.NONE, 0, 55, 2),
                List.of(side(new InstanceId(UUID.randomUUID()), false)),
                List.of(web(300, null)));

        assertThatExceptionOfType(HaException.Invalid.class)
                .isThrownBy(() -> as(alice, () -> availability.change(pair.stack(), 0, wish)))
                .satisfies(refusal -> assertThat(refusal.errors())
                        .extracting(Refusal.FieldError::field)
                        .contains("/instances/0/instanceId", "/port", "/peerCheckIntervalMs", "/routers/0/id"));
        assertThat(now().version()).isZero();
    }

    @Test
    void sealsPasswordsTellsNobodyAndKeepsThoseThatAreNotSaidAgain() {
        as(alice, () -> availability.change(pair.stack(), 0, passive(web(10, "secret7"))));
        var told = now();
        assertThat(told.withPassword()).containsExactly("web");
        assertThat(told.settings().routers().getFirst().password()).isNull();

        var again = told.settings().routers().getFirst();
        var kept = as(alice, () -> availability.change(pair.stack(), 1, passive(again)));
        assertThat(kept.withPassword()).containsExactly("web");
        as(alice, () -> availability.change(pair.id(0), 2, primary(pair.id(0), true, false)));
        assertThat(now().withPassword()).containsExactly("web");
        var stored = CurrentTenant.callAs(
                alice,
                () -> transactions.execute(
                        status -> jdbc.sql("select encode(sealed_password, 'escape') from instances.virtual_router")
                                .query(String.class)
                                .single()));
        assertThat(stored).doesNotContain("secret7");

        var gone = as(alice, () -> availability.change(pair.stack(), -1, passive(again.withPassword(""))));
        assertThat(gone.withPassword()).isEmpty();
    }

    @Test
    void hasANumberAndAnAddressOnceInANetworkWhoseverTheyAre() {
        as(alice, () -> availability.change(pair.stack(), 0, passive(web(10, null))));
        var mallory = anyTenant();
        var hers = machines.make(mallory, 1);

        var number = refusal(mallory, hers, router(network, "mine", 10, "192.0.2.99", null));
        var address = refusal(mallory, hers, router(network, "mine", 99, "192.0.2.10", null));

        assertThat(number.code()).isEqualTo("ha.taken");
        assertThat(number.errors())
                .containsExactly(new Refusal.FieldError(
                        "/routers/0/id", "ha.router-id-taken", "is taken in this network", "10"));
        assertThat(address.errors())
                .extracting(Refusal.FieldError::field, Refusal.FieldError::message)
                .containsExactly(org.assertj.core.groups.Tuple.tuple(
                        "/routers/0/addresses/0/address", "is taken in this network"));
        assertThat(number + " " + address)
                .doesNotContain(
                        alice.toString(), pair.stack().toString(), pair.id(0).toString(), "web");
        assertThat(as(mallory, () -> availability.ofStack(hers.stack())).version())
                .isZero();

        // In another network, or once it is given back, it is free.
        put(mallory, hers, router(network + "-b", "mine", 10, "192.0.2.10", null));
        as(alice, () -> availability.change(pair.stack(), -1, passive(web(11, null))));
        put(mallory, hers, router(network, "mine", 10, "192.0.2.10", null));
    }

    @Test
    void holdsNothingForAStackThatUsesNothingYet() {
        var mallory = anyTenant();
        var hers = machines.make(mallory, 0);
        put(mallory, hers, router(network, "mine", 10, "192.0.2.10", null));
        assertThat(as(mallory, () -> watch.cluster(hers.stack())).warnings())
                .as("nobody is there who could hold a router")
                .extracting(Warning::code)
                .doesNotContain("ha.router-unheld");
        as(alice, () -> availability.change(pair.stack(), 0, passive(web(10, null))));

        assertThat(as(mallory, () -> availability.ofStack(hers.stack())).leftOut())
                .as("asks for it with its first plan")
                .isEmpty();
        var late = machines.join(mallory, hers);

        var answer = late.reports(0, "192.0.2.9");
        var plan = ProtocolJson.read(Base64.getUrlDecoder().decode(answer.plan().payload()), InstancePlan.class);
        assertThat(plan.members()).hasSize(1);
        assertThat(plan.routers()).as("held by another, and left out").isEmpty();
        var told = as(mallory, () -> availability.ofStack(hers.stack()));
        assertThat(told.leftOut())
                .containsExactly(new HighAvailability.LeftOut(
                        "mine",
                        network,
                        new Refusal.FieldError(
                                "/routers/0/id", "ha.router-id-taken", "is taken in this network", "10")));
        assertThat(as(mallory, () -> watch.cluster(hers.stack())).warnings())
                .extracting(Warning::code)
                .contains("ha.router-taken")
                .doesNotContain("ha.router-unheld");
        assertThat(told.warnings().toString()).doesNotContain(alice.toString(), "web");
        assertThat(refusal(mallory, hers, router(network, "mine", 10, "192.0.2.10", null))
                        .errors())
                .as("the first of a router")
                .hasSize(1);
    }

    private Refusal refusal(TenantId tenant, AvailableStacks.Made stack, RouterSettings router) {
        try {
            put(tenant, stack, router);
        } catch (HaException.Taken refusal) {
            return refusal;
        }
        throw new AssertionError("was not refused");
    }

    private StackHa put(TenantId tenant, AvailableStacks.Made made, RouterSettings router) {
        var wish = new StackWish(
                null, new SharedSettings(HaMode.ACTIVE_ACTIVE, 10_101, 2_000, 2), List.of(), List.of(router));
        return as(tenant, () -> availability.change(made.stack(), -1, wish));
    }

    @Test
    void givesANumberThatManyWantAtOnceToOne() throws Exception {
        record Wanting(TenantId tenant, AvailableStacks.Made stack) {}
        var all = new ArrayList<Wanting>();
        for (int i = 0; i < 4; i++) {
            var tenant = anyTenant();
            all.add(new Wanting(tenant, machines.make(tenant, 1)));
        }
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int round = 20; round < 30; round++) {
                int number = round;
                var tries = threads.invokeAll(all.stream()
                        .<Callable<StackHa>>map(of -> () ->
                                put(of.tenant(), of.stack(), router(network, "vip", number, "192.0.2." + number, null)))
                        .toList());

                assertThat(tries)
                        .filteredOn(each -> each.state() == Future.State.SUCCESS)
                        .hasSize(1);
                assertThat(tries)
                        .filteredOn(each -> each.state() == Future.State.FAILED)
                        .allMatch(each -> each.exceptionNow() instanceof HaException.Taken);
            }
        }
    }

    /** HA-00g: it may have its addresses on, for want of a peer to leave them to, and does not hear of any change. */
    @Test
    void holdsWhatAQuarantinedInstanceHasOnUntilItIsDecommissioned() {
        var mallory = anyTenant();
        var hers = machines.make(mallory, 1);
        var vip = router(network, "vip", 10, "192.0.2.10", null);
        put(alice, pair, vip);
        as(alice, () -> instances.decommission(pair.id(1), false));
        as(alice, () -> instances.quarantine(pair.id(0), true));

        assertThat(refusal(mallory, hers, vip).errors()).as("quarantined").hasSize(1);
        put(alice, pair, router(network, "other", 11, "192.0.2.11", null));
        assertThat(refusal(mallory, hers, vip).errors()).as("set otherwise").hasSize(1);
        machines.join(alice, pair).reports(0, "192.0.2.1");
        assertThat(refusal(mallory, hers, vip).errors()).as("another has come").hasSize(1);

        as(alice, () -> instances.decommission(pair.id(0), false));

        assertThat(put(mallory, hers, vip).leftOut()).isEmpty();
        assertThat(refusal(mallory, hers, router(network, "vip", 11, "192.0.2.11", null))
                        .errors())
                .as("of the one that has come")
                .hasSize(1);
    }

    /** HA-00g: it has the former addresses on as long as it has not heard of the change, however long that is. */
    @Test
    void holdsWhatAnInstanceMayHaveOnUntilItFollowsWhatIsSet() {
        var mallory = anyTenant();
        var hers = machines.make(mallory, 1);
        var vip = router(network, "vip", 10, "192.0.2.10", null);
        var next = router(network, "vip", 11, "192.0.2.11", null);
        put(alice, pair, vip);
        follow(0, 1, 0);
        put(alice, pair, next);

        assertThat(refusal(mallory, hers, vip).errors())
                .as("nobody has heard of it")
                .hasSize(1);
        follow(0);
        assertThat(refusal(mallory, hers, vip).errors()).as("one has not").hasSize(1);
        follow(1);
        put(mallory, hers, vip);

        put(alice, pair, router(network, "vip", 12, "192.0.2.12", null));
        follow(0);
        as(alice, () -> instances.decommission(pair.id(1), true));
        assertThat(refusal(mallory, hers, next).errors())
                .as("the other's peers have changed")
                .hasSize(1);
        follow(0);
        put(mallory, hers, next);
    }

    private final Map<Integer, Long> followed = new HashMap<>();

    /** These machines of the pair, in turn, tell and ask until there is nothing new. */
    private void follow(int... machinesOfThePair) {
        for (int at : machinesOfThePair) {
            var address = "192.0.2." + (1 + at);
            var plan = pair.machines()
                    .get(at)
                    .reports(followed.getOrDefault(at, 0L), address)
                    .plan();
            while (plan != null) {
                followed.put(at, number(plan));
                plan = pair.machines()
                        .get(at)
                        .reports(followed.get(at), address)
                        .plan();
            }
        }
    }

    private static long number(SignedBundle plan) {
        return ProtocolJson.read(Base64.getUrlDecoder().decode(plan.payload()), InstancePlan.class)
                .number();
    }

    @Test
    void freesWhatAQuarantinedInstanceHadWhenItIsDecommissioned() {
        var mallory = anyTenant();
        var hers = machines.make(mallory, 1);
        var vip = router(network, "vip", 10, "192.0.2.10", null);
        put(alice, pair, vip);
        for (int at = 0; at < 2; at++) {
            var id = pair.id(at);
            as(alice, () -> instances.quarantine(id, true));
        }

        assertThat(refusal(mallory, hers, vip).errors()).hasSize(1);
        as(alice, () -> instances.decommission(pair.id(0), false));
        as(alice, () -> instances.decommission(pair.id(1), false));

        assertThat(put(mallory, hers, vip).leftOut()).isEmpty();
    }

    @Test
    void freesWhatADeletedStackHeld() {
        as(alice, () -> availability.change(pair.stack(), 0, passive(web(10, null))));
        for (int at = 0; at < 2; at++) {
            var id = pair.id(at);
            as(alice, () -> instances.decommission(id, false));
        }
        Worlds.runAs(alice, () -> stacks.delete(pair.stack(), -1));

        var mallory = anyTenant();
        put(mallory, machines.make(mallory, 1), router(network, "mine", 10, "192.0.2.10", null));
    }

    @Test
    void hidesEverythingFromOtherTenantsAndAsksForTheRight() {
        var mallory = anyTenant();
        for (Runnable look : List.<Runnable>of(
                () -> availability.ofStack(pair.stack()),
                () -> availability.change(pair.stack(), -1, passive()),
                () -> availability.ofInstance(pair.id(0)),
                () -> availability.change(pair.id(0), -1, primary(pair.id(0), true, false)),
                () -> watch.cluster(pair.stack()),
                () -> watch.events(pair.stack(), null, 10),
                () -> watch.events(pair.id(0), null, 10))) {
            assertThatExceptionOfType(InstanceException.NotFound.class).isThrownBy(() -> Worlds.runAs(mallory, look));
        }
        assertThat(Role.TENANT_VIEWER.permissions()).doesNotContain(Permission.STACK_MANAGE);
        assertThatExceptionOfType(Refusal.class)
                .isThrownBy(() -> as(alice, Role.TENANT_VIEWER, () -> availability.change(pair.stack(), -1, passive())))
                .satisfies(refusal -> assertThat(refusal.kind()).isEqualTo(Refusal.Kind.FORBIDDEN));
        assertThat(as(alice, Role.TENANT_VIEWER, () -> availability.ofStack(pair.stack()))
                        .version())
                .isZero();
    }

    @Test
    void keepsChangingWhenWhoWasNamedHasLeft() {
        var mixed = new StackWish(
                TrafficMode.MIXED,
                new SharedSettings(HaMode.CLUSTER, 10_101, 2_000, 2),
                List.of(side(pair.id(0), true)),
                List.of(new RouterSettings(
                        "web",
                        network,
                        10,
                        "eth0",
                        List.of(new VirtualAddress("192.0.2.10", 24, null)),
                        pair.id(0).value(),
                        3,
                        null,
                        5,
                        0)));
        as(alice, () -> availability.change(pair.stack(), 0, mixed));
        as(alice, () -> instances.quarantine(pair.id(0), false));

        var after = as(alice, () -> availability.change(pair.id(1), -1, primary(pair.id(1), true, false)));

        assertThat(after.side().primary()).isTrue();
        assertThat(now().members()).extracting(HighAvailability.Member::id).containsExactly(pair.id(1));
        var apart = as(alice, () -> availability.ofInstance(pair.id(0)));
        assertThat(apart.side().primary()).isFalse();
        assertThat(apart.warnings().getFirst().code()).isEqualTo("ha.instance-quarantined");
        assertThatExceptionOfType(HaException.Quarantined.class)
                .isThrownBy(() ->
                        as(alice, () -> availability.change(pair.id(0), -1, primary(pair.id(0), false, false))));
    }

    @Test
    void takesWhatWasReadThoughAnOwnerHasLeft() {
        var owned = new RouterSettings(
                "web",
                network,
                10,
                "eth0",
                List.of(new VirtualAddress("192.0.2.10", 24, null)),
                pair.id(0).value(),
                3,
                null,
                5,
                0);
        var mixed = new StackWish(
                TrafficMode.MIXED,
                new SharedSettings(HaMode.ACTIVE_ACTIVE, 10_101, 2_000, 2),
                List.of(),
                List.of(owned));
        as(alice, () -> availability.change(pair.stack(), 0, mixed));
        as(alice, () -> instances.quarantine(pair.id(0), true));

        for (int round = 1; round <= 2; round++) {
            var read = now();
            var settings = read.settings();
            assertThat(settings.routers().getFirst().owner()).isNull();
            assertThat(read.warnings()).extracting(Warning::code).contains("ha.router-unowned");
            as(
                    alice,
                    () -> availability.change(
                            pair.stack(),
                            read.version(),
                            new StackWish(
                                    settings.trafficMode(), settings.shared(), settings.sides(), settings.routers())));
        }
    }

    @Test
    void tellsErrorsOfOtherSidesAtTheirPlaceInTheStacksDocument() {
        var sides = now().settings().sides();
        var second = new InstanceId(sides.getLast().instanceId());
        var slow = new HaSettings(
                HaMode.NONE,
                false,
                10_101,
                1_000,
                2,
                1_000,
                6,
                600,
                HaSettings.FlapAction.HOLD,
                false,
                1_024L,
                10,
                100,
                0);
        var first = new InstanceWish(
                new Side(sides.getFirst().instanceId(), slow, List.of(), null), null, null, 1_000, null, null, false);
        as(alice, () -> availability.change(new InstanceId(sides.getFirst().instanceId()), 0, first));

        var wish =
                new InstanceWish(new Side(second.value(), slow, List.of(), null), null, null, 2_000, null, null, false);
        assertThatExceptionOfType(HaException.Invalid.class)
                .isThrownBy(() -> as(alice, () -> availability.change(second, -1, wish)))
                .satisfies(refusal -> assertThat(refusal.errors())
                        .extracting(Refusal.FieldError::field)
                        .containsExactlyInAnyOrder("/peerRecoveryThreshold", "/instances/0/peerRecoveryThreshold"));
    }

    @Test
    void auditsWhatAddressesAndPasswordsBecomeAndNeverAPassword() {
        as(alice, () -> availability.change(pair.stack(), 0, passive(web(10, "secret7"))));

        var details = CurrentTenant.callAs(
                alice,
                () -> transactions.execute(status -> jdbc.sql(
                                "select details::text from tenancy.audit_entry where action = 'stack.ha-changed'")
                        .query(String.class)
                        .single()));

        assertThat(details)
                .contains("192.0.2.10/24", "eth0", "peerCheckIntervalMs", "peerFailureThreshold", "passwordChanged")
                .containsPattern("\"passwordChanged\": ?true")
                .doesNotContain("secret7");
    }
}
