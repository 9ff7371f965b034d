package io.garrison.edge.ha.keepalived;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.garrison.edge.testing.HaValues;
import io.garrison.protocol.HaSettings;
import io.garrison.protocol.HaSettings.FlapAction;
import io.garrison.protocol.HaSettings.HaMode;
import io.garrison.protocol.InstancePlan;
import io.garrison.protocol.InstancePlan.Member;
import io.garrison.protocol.VirtualRouter;
import io.garrison.protocol.VirtualRouter.VirtualAddress;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssertAlternative;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

/** HA-00a, HA-04 to HA-06: what a plan becomes in keepalived's words, and what never gets there. */
class PlanRendererTests {

    private static final UUID OWN = new UUID(0, 1);
    private static final UUID PEER = new UUID(0, 2);
    private static final HaFiles FILES = new HaFiles(Path.of("/var/lib/garrison/ha"));

    @Test
    void saysWhatThePlanSays() {
        var file = render(ha(200, 3, 4), router("web", "192.0.2.10", 150, true, 3, null));

        assertThat(Rereading.read(file)).hasSize(5);
        assertThat(file)
                .contains("vrrp_notify_fifo \"/var/lib/garrison/ha/notify\"")
                .contains("vrrp_priority -20")
                .doesNotContain("vrrp_rt_priority")
                .contains("state BACKUP")
                .contains("interface eth0")
                .contains("virtual_router_id 51")
                .contains("priority 150")
                .contains("version 3")
                .contains("advert_int 0.2")
                .contains("down_timer_adverts 3")
                .contains("preempt_delay 0.8")
                .contains("garp_master_repeat 5")
                .contains("check_unicast_src")
                .contains("unicast_src_ip 192.0.2.1")
                .contains("unicast_peer {\n        192.0.2.2\n")
                .doesNotContain("192.0.2.1\n        }")
                .contains("192.0.2.10/24 dev eth0")
                .contains("script \"/usr/bin/pgrep -F /var/lib/garrison/ha/alive.pid\"")
                .contains("weight -100");
    }

    @Test
    void delaysOnlyWhoeverIsMeantToHold() {
        assertThat(render(ha(200, 3, 4), router("web", "192.0.2.10", 100, true, 3, null)))
                .doesNotContain("preempt_delay")
                .doesNotContain("nopreempt");
        assertThat(render(ha(200, 3, 4), router("web", "192.0.2.10", 150, false, 3, null)))
                .doesNotContain("preempt_delay")
                .contains("nopreempt");
        assertThat(new HaValues().build().primary()).isTrue();
        assertThat(render(new HaValues().build(), router("web", "192.0.2.10", 100, true, 3, null)))
                .as("the primary, of a router that another owns")
                .doesNotContain("preempt_delay");
    }

    @ParameterizedTest
    @CsvSource({
        "50, 2, 0.05, 2",
        "40950, 2, 40.95, 2",
        "40960, 2, 20.48, 4",
        "60000, 50, 30, 100",
    })
    void keepsTheDetectionTimeBeyondWhatAnAdvertCanSay(int interval, int threshold, String advert, int missing) {
        assertThat(render(ha(interval, threshold, 1), router("web", "192.0.2.10", 150, true, 3, null)))
                .contains("advert_int " + advert + "\n")
                .contains("down_timer_adverts " + missing + "\n");
    }

    @Test
    void knowsNoDelayBeyondAThousandSeconds() {
        assertThat(render(ha(60_000, 2, 1_000), router("web", "192.0.2.10", 150, true, 3, null)))
                .contains("preempt_delay 1000\n");
    }

    @Test
    void speaksVersion2WithItsPasswordInWholeSecondsOnly() {
        assertThat(render(ha(2_000, 2, 1), router("web", "192.0.2.10", 150, true, 2, "p#!{$'x")))
                .contains("version 2")
                .contains("auth_type PASS")
                .contains("auth_pass \"p#!{$'x\"");
        refused("ha.peerCheckIntervalMs", ha(2_500, 2, 1), router("web", "192.0.2.10", 150, true, 2, null));
        refused("routers[0].password", ha(2_000, 2, 1), router("web", "192.0.2.10", 150, true, 3, "secret"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a\"b", "a\\b", "a\nb", "a\tb", "123456789", "pä"})
    void refusesPasswordsThatKeepalivedWouldNotTakeAsTheyAre(String password) {
        refused("routers[0].password", ha(2_000, 2, 1), router("web", "192.0.2.10", 150, true, 2, password));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "eth0 }", "eth0\n}", "../eth0", "a\"b", "eth0#", "averyveryverylongname", "eth9", "-x", "$x"
            })
    void refusesDevicesThatAreNone(String device) {
        var router = new VirtualRouter(
                "web", 51, device, List.of(new VirtualAddress("192.0.2.10", 24, null)), 150, true, 3, null, null, null);
        refused("routers[0].device", ha(200, 3, 1), router);
        var other = new VirtualRouter(
                "web",
                51,
                "eth0",
                List.of(new VirtualAddress("192.0.2.10", 24, device)),
                150,
                true,
                3,
                null,
                null,
                null);
        refused("routers[0].addresses[0].device", ha(200, 3, 1), other);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "x",
                "192.0.2.10 dev eth1",
                "192.0.2.010",
                "1.2.3",
                "0.0.0.0",
                "127.0.0.1",
                "224.0.0.18",
                "255.255.255.255",
                "fe80::1%eth0",
                "host.example",
                "1.2.3.4\n}"
            })
    void refusesAddressesThatAreNone(String address) {
        refused("routers[0].addresses[0].address", ha(200, 3, 1), router("web", address, 150, true, 3, null));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Web", "we b", "web\n", "web}", "a-name-that-is-longer-than-32-chars"})
    void refusesNamesThatAreNone(String name) {
        refused("routers[0].name", ha(200, 3, 1), router(name, "192.0.2.10", 150, true, 3, null));
    }

    @Test
    void refusesNumbersOutOfRange() {
        refused("routers[0].priority", ha(200, 3, 1), router("web", "192.0.2.10", 255, true, 3, null));
        refused("routers[0].priority", ha(200, 3, 1), router("web", "192.0.2.10", 0, true, 3, null));
        refused("routers[0].version", ha(200, 3, 1), router("web", "192.0.2.10", 150, true, 4, null));
        refused("ha.peerCheckIntervalMs", ha(40, 3, 1), router("web", "192.0.2.10", 150, true, 3, null));
        refused("ha.peerCheckIntervalMs", ha(205, 3, 1), router("web", "192.0.2.10", 150, true, 3, null));
        refused("ha.peerFailureThreshold", ha(200, 51, 1), router("web", "192.0.2.10", 150, true, 3, null));
        refused("ha.peerRecoveryThreshold", ha(200, 3, 0), router("web", "192.0.2.10", 150, true, 3, null));
        refused(
                "routers[0].addresses[0].prefixLength",
                ha(200, 3, 1),
                new VirtualRouter(
                        "web",
                        51,
                        "eth0",
                        List.of(new VirtualAddress("192.0.2.10", 33, null)),
                        150,
                        true,
                        3,
                        null,
                        null,
                        null));
        refused(
                "routers[0].id",
                ha(200, 3, 1),
                new VirtualRouter(
                        "web",
                        256,
                        "eth0",
                        List.of(new VirtualAddress("192.0.2.10", 24, null)),
                        150,
                        true,
                        3,
                        null,
                        null,
                        null));
    }

    @Test
    void letsAddressesOfTheOtherKindMoveAlong() {
        var router = new VirtualRouter(
                "web",
                51,
                "eth0",
                List.of(new VirtualAddress("2001:db8::10", 64, null), new VirtualAddress("192.0.2.10", 24, null)),
                150,
                true,
                3,
                null,
                null,
                null);

        assertThat(render(ha(200, 3, 1), router))
                .contains("virtual_ipaddress {\n        192.0.2.10/24 dev eth0\n")
                .contains("virtual_ipaddress_excluded {\n        2001:db8:0:0:0:0:0:10/64 dev eth0\n");
        refused("routers[0].addresses", ha(200, 3, 1), router("web", "2001:db8::10", 150, true, 3, null));
    }

    @Test
    void speaksToItselfRatherThanToEverybodyWhileItIsAlone() {
        var routers = List.of(router("web", "192.0.2.10", 150, true, 3, null));
        var alone = List.of(new Member(OWN, "one", null, 10_101, true));
        var plan = new InstancePlan(1, 1, OWN, OWN, OWN, Instant.EPOCH, ha(200, 3, 1), routers, List.of(), alone);

        assertThat(renderer().render(plan)).contains("unicast_peer {\n        192.0.2.1\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"edge-3.example.com", "", "127.0.0.1", "0.0.0.0", "224.0.0.18", "192.0.2.3 }", "192.0.2.300"})
    void leavesOutMembersWhoseAddressIsNone(String none) {
        var ha = ha(200, 3, 1);
        var routers = List.of(router("web", "192.0.2.10", 150, true, 3, null));
        var plan = planOf(
                ha,
                routers,
                List.of(
                        new Member(OWN, "one", "192.0.2.1", 10_101, true),
                        new Member(PEER, "two", "192.0.2.2", 10_101, false),
                        new Member(new UUID(0, 3), "three", none, 10_101, false)));

        assertThat(renderer().render(plan)).isEqualTo(renderer().render(plan(ha, routers, "192.0.2.2")));
    }

    /** HA-04: its peers leave it out, so it would hear nobody, and hold beside the one that holds. */
    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"edge-1.example.com", "127.0.0.1"})
    void refusesAPlanInWhichItHasNoAddressItself(@Nullable String none) {
        assertThatMembersAreRefused(List.of(
                        new Member(OWN, "one", none, 10_101, true),
                        new Member(PEER, "two", "192.0.2.2", 10_101, false)))
                .withMessageContaining("set cluster.address");
    }

    /** The two groups would each have a holder. */
    @Test
    void refusesMembersThatAreTwoGroupsByTheKindOfTheirAddresses() {
        var one = new Member(OWN, "one", "192.0.2.1", 10_101, true);
        var two = new Member(PEER, "two", "192.0.2.2", 10_101, false);
        var three = new Member(new UUID(0, 3), "three", "2001:db8::3", 10_101, false);
        var four = new Member(new UUID(0, 4), "four", "2001:db8::4", 10_101, false);
        assertThatMembersAreRefused(List.of(one, two, three, four)).withMessageContaining("both kinds");

        var routers = List.of(router("web", "192.0.2.10", 150, true, 3, null));
        assertThat(renderer().render(planOf(ha(200, 3, 1), routers, List.of(one, two, three))))
                .as("one that refuses it itself keeps nobody from going on")
                .contains("192.0.2.2\n")
                .doesNotContain("2001:db8");
    }

    private static ThrowableAssertAlternative<PlanRefusedException> assertThatMembersAreRefused(List<Member> members) {
        var plan = planOf(ha(200, 3, 1), List.of(router("web", "192.0.2.10", 150, true, 3, null)), members);
        return assertThatExceptionOfType(PlanRefusedException.class)
                .isThrownBy(() -> renderer().render(plan))
                .satisfies(refusal -> assertThat(refusal.field()).isEqualTo("members"));
    }

    /** HA-04: whoever speaks to nobody holds, beside the peer that holds already. */
    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"2001:db8::2", "192.0.2.1"})
    void refusesPeersThatNoAdvertReaches(@Nullable String peer) {
        var plan = plan(ha(200, 3, 1), List.of(router("web", "192.0.2.10", 150, true, 3, null)), peer);

        assertThatExceptionOfType(PlanRefusedException.class)
                .isThrownBy(() -> renderer().render(plan))
                .withMessageStartingWith("members ");
    }

    @Test
    void refusesTwoRoutersThatAreOne() {
        var one = router("web", "192.0.2.10", 150, true, 3, null);
        refusedAll("routers[1].name", List.of(one, router("web", "192.0.2.11", 150, true, 3, null)));
        refusedAll("routers[1].id", List.of(one, router("api", "192.0.2.11", 150, true, 3, null)));
    }

    @Test
    void refusesAStateDirectoryThatKeepalivedWouldNotUnderstand() {
        var renderer = new PlanRenderer(new HaFiles(Path.of("/var/lib/my garrison")), devices(), Optional.empty());
        var plan = plan(ha(200, 3, 1), List.of(router("web", "192.0.2.10", 150, true, 3, null)), "192.0.2.2");

        assertThatExceptionOfType(PlanRefusedException.class)
                .isThrownBy(() -> renderer.render(plan))
                .withMessageStartingWith("state directory");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"a {\n", "a\n}\n", "a b # c\n", "a \"b\n", "a { b }\n", "a $b\n", "}\n", "a", "a !b\n", "@x a\n"
            })
    void readsNothingThatHasAMeaningOfItsOwn(String file) {
        assertThatIllegalStateException().isThrownBy(() -> Rereading.read(file));
    }

    @Test
    void noticesAFileThatSaysSomethingElse() {
        var renderer = renderer();
        var plan = plan(ha(200, 3, 1), List.of(router("web", "192.0.2.10", 150, true, 3, null)), "192.0.2.2");
        var config = renderer.config(plan);
        var file = renderer.render(plan);

        assertThatIllegalStateException()
                .isThrownBy(() -> Rereading.requireSame(file.replace("priority 150", "priority 151"), config));
        assertThatIllegalStateException()
                .isThrownBy(() -> Rereading.requireSame(file + "vrrp_instance x {\n}\n", config));
    }

    @Test
    void hasNoTokenForWhatItDidNotMakeUp() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Token.Keyword("}"));
        assertThatIllegalArgumentException().isThrownBy(() -> new Token.Identifier("a b"));
        assertThatIllegalArgumentException().isThrownBy(() -> new Token.Quoted("a\"b"));
        assertThatIllegalArgumentException().isThrownBy(() -> new Token.Device("a\nb"));
    }

    private static void refused(String field, HaSettings ha, VirtualRouter router) {
        assertThatExceptionOfType(PlanRefusedException.class)
                .isThrownBy(() -> render(ha, router))
                .satisfies(refusal -> assertThat(refusal.field()).isEqualTo(field))
                .withMessageStartingWith(field + " ");
    }

    private static void refusedAll(String field, List<VirtualRouter> routers) {
        assertThatExceptionOfType(PlanRefusedException.class)
                .isThrownBy(() -> renderer().render(plan(ha(200, 3, 1), routers, "192.0.2.2")))
                .satisfies(refusal -> assertThat(refusal.field()).isEqualTo(field));
    }

    private static String render(HaSettings ha, VirtualRouter router) {
        return renderer().render(plan(ha, List.of(router), "192.0.2.2"));
    }

    private static PlanRenderer renderer() {
        return new PlanRenderer(FILES, devices(), Optional.of(Path.of("/usr/bin/pgrep")));
    }

    private static PlanRenderer.Devices devices() {
        return new PlanRenderer.Devices() {
            @Override
            public boolean exists(String device) {
                return device.equals("eth0");
            }

            @Override
            public Optional<String> firstAddress(String device) {
                return Optional.of("192.0.2.1");
            }
        };
    }

    private static InstancePlan plan(HaSettings ha, List<VirtualRouter> routers, @Nullable String peer) {
        return planOf(
                ha,
                routers,
                List.of(
                        new Member(OWN, "one", "192.0.2.1", 10_101, true),
                        new Member(PEER, "two", peer, 10_101, false)));
    }

    private static InstancePlan planOf(HaSettings ha, List<VirtualRouter> routers, List<Member> members) {
        return new InstancePlan(1, 1, OWN, OWN, OWN, Instant.EPOCH, ha, routers, List.of(), members);
    }

    private static HaSettings ha(int interval, int failure, int recovery) {
        return new HaSettings(
                HaMode.ACTIVE_PASSIVE,
                false,
                null,
                interval,
                failure,
                recovery,
                null,
                null,
                FlapAction.ALARM,
                null,
                null,
                null,
                null,
                null);
    }

    private static VirtualRouter router(
            String name, String address, int priority, boolean preempt, int version, @Nullable String password) {
        return new VirtualRouter(
                name,
                51,
                "eth0",
                List.of(new VirtualAddress(address, 24, null)),
                priority,
                preempt,
                version,
                password,
                null,
                null);
    }
}
