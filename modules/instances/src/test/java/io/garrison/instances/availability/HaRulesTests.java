package io.garrison.instances.availability;

import static io.garrison.instances.availability.Stackfuls.id;
import static io.garrison.instances.availability.Stackfuls.of;
import static io.garrison.instances.availability.Stackfuls.router;
import static io.garrison.instances.availability.Stackfuls.with;
import static org.assertj.core.api.Assertions.assertThat;

import io.garrison.instances.TrafficMode;
import io.garrison.instances.availability.Planning.Peer;
import io.garrison.protocol.HaSettings;
import io.garrison.protocol.HaSettings.HaMode;
import io.garrison.protocol.InstancePlan.LinkPair;
import io.garrison.protocol.ProtocolJson;
import io.garrison.tenancy.Refusal.FieldError;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** HA-01 to HA-11, HA-00f: what a stack's high availability may be. */
class HaRulesTests {

    private static final StackSettings PAIR = of(HaMode.ACTIVE_PASSIVE, TrafficMode.ACTIVE_PASSIVE, 2);

    private static List<String> codes(StackSettings wish) {
        return HaRules.check(wish, List.of()).stream().map(FieldError::code).toList();
    }

    private static List<String> found(StackSettings wish) {
        return HaRules.check(wish, List.of()).stream()
                .map(error -> error.field() + " " + error.code())
                .toList();
    }

    @Test
    void takesTheDefaultsInEveryMode() {
        for (var mode : HaMode.values()) {
            var traffic = mode == HaMode.ACTIVE_PASSIVE ? TrafficMode.ACTIVE_PASSIVE : TrafficMode.ACTIVE_ACTIVE;
            assertThat(HaRules.check(of(mode, traffic, 3, router("web", 10, null)), List.of()))
                    .as("%s", mode)
                    .isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "port, 1, 65534",
        "peerCheckIntervalMs, 50, 60000",
        "peerFailureThreshold, 1, 50",
        "peerRecoveryThreshold, 1, 500",
        "maximumFlaps, 0, 100",
        "flapWindowSeconds, 10, 86400",
        "minimumBandwidthBps, 1, 1000000000000",
        "bandwidthIntervalSeconds, 1, 3600",
        "linkMonitoringIntervalMs, 10, 60000",
    })
    void holdsEachValueToItsRange(String field, long low, long high) {
        assertThat(HaRules.check(set(field, low), List.of())).isEmpty();
        assertThat(HaRules.check(set(field, high), List.of())).isEmpty();
        assertThat(found(set(field, low - 1))).isNotEmpty().allMatch(each -> each.contains("/" + field + " ha."));
        assertThat(found(set(field, high + (field.equals("peerRecoveryThreshold") ? 501 : 10))))
                .isNotEmpty()
                .allMatch(each -> each.contains("/" + field + " ha.") || each.contains("ha.recovery-too-long"));
    }

    private static StackSettings set(String field, long value) {
        var ha = ProtocolJson.read(
                "{\"mode\":\"ACTIVE_PASSIVE\",\"primary\":true,\"%s\":%d}"
                        .formatted(field, value)
                        .getBytes(StandardCharsets.UTF_8),
                HaSettings.class);
        return with(with(PAIR, SharedSettings.of(ha)), ha);
    }

    @Test
    void takesIntervalsInStepsOfTenMilliseconds() {
        assertThat(codes(with(PAIR, new SharedSettings(HaMode.ACTIVE_PASSIVE, 10_101, 105, 2))))
                .containsExactly("ha.interval-step");
    }

    @Test
    void insistsOnExactlyOnePrimaryWhereOneStandsByForAnother() {
        var none = new StackSettings(
                PAIR.trafficMode(),
                PAIR.shared(),
                PAIR.sides().stream().map(side -> side.asPrimary(false)).toList(),
                List.of());
        var two = new StackSettings(
                PAIR.trafficMode(),
                PAIR.shared(),
                PAIR.sides().stream().map(side -> side.asPrimary(true)).toList(),
                List.of());

        assertThat(codes(none)).containsExactly("ha.no-primary");
        assertThat(codes(two)).containsExactly("ha.two-primaries");
        var shared = new SharedSettings(HaMode.ACTIVE_ACTIVE, 10_101, 2_000, 2);
        assertThat(codes(new StackSettings(TrafficMode.ACTIVE_ACTIVE, shared, none.sides(), List.of())))
                .isEmpty();
    }

    @Test
    void takesNoMoreLinksForNeededThanThereAre() {
        var side = new Side(
                id(1),
                set("minimumActiveLinkPairs", 1).sides().getFirst().ha(),
                List.of(new LinkPair("eth0", "eth1")),
                null);
        var wish = new StackSettings(
                PAIR.trafficMode(), PAIR.shared(), List.of(side, PAIR.sides().getLast()), List.of());

        assertThat(HaRules.check(wish, List.of())).isEmpty();
        assertThat(found(set("minimumActiveLinkPairs", 1)))
                .containsExactly("/instances/0/minimumActiveLinkPairs ha.link-pairs-missing");
    }

    @ParameterizedTest
    @CsvSource({"eth0, eth0", "eth 0, eth1", "'eth0;reboot', eth1", "a-name-too-long-, eth1", ".., eth1", "'', eth1"})
    void takesOnlyDevicesForLinks(String front, String back) {
        var wish = new StackSettings(
                PAIR.trafficMode(),
                PAIR.shared(),
                List.of(
                        new Side(id(1), PAIR.sides().getFirst().ha(), List.of(new LinkPair(front, back)), null),
                        PAIR.sides().getLast()),
                List.of());

        assertThat(codes(wish)).isNotEmpty();
    }

    @Test
    void knowsVersionTwoInWholeSecondsForFourOnlyAndWithAPassword() {
        var two = of(
                HaMode.ACTIVE_PASSIVE,
                TrafficMode.ACTIVE_PASSIVE,
                2,
                router("web", 10, null, 2, "secret12", "192.0.2.10"));

        assertThat(codes(two)).isEmpty();
        assertThat(codes(with(two, new SharedSettings(HaMode.ACTIVE_PASSIVE, 10_101, 1_500, 2))))
                .containsExactly("ha.version-two-interval");
        assertThat(routerCodes(router("web", 10, null, 2, null, "2001:db8::1")))
                .containsExactly("ha.version-two-ipv-six");
        assertThat(routerCodes(router("web", 10, null, 2, "nine chars", "192.0.2.10")))
                .containsExactly("ha.password");
        assertThat(routerCodes(router("web", 10, null, 2, "say\"hi", "192.0.2.10")))
                .as("keepalived could not read it back")
                .containsExactly("ha.password");
        assertThat(routerCodes(router("web", 10, null, 3, "secret", "192.0.2.10")))
                .containsExactly("ha.password-version");
    }

    /** HA-04: beyond what an advert can say the agent sends twice as many, each after half the interval. */
    @Test
    void takesIntervalsThatTheAgentHalves() {
        var three = of(HaMode.ACTIVE_PASSIVE, TrafficMode.ACTIVE_PASSIVE, 2, router("web", 10, null));
        var two = of(
                HaMode.ACTIVE_PASSIVE, TrafficMode.ACTIVE_PASSIVE, 2, router("web", 10, null, 2, null, "192.0.2.10"));

        assertThat(codes(with(three, interval(60_000)))).isEmpty();
        assertThat(codes(with(two, interval(40_000)))).isEmpty();
        assertThat(codes(with(two, interval(42_000)))).isEmpty();
        assertThat(codes(with(two, interval(41_000)))).containsExactly("ha.version-two-interval");
    }

    private static SharedSettings interval(int ms) {
        return new SharedSettings(HaMode.ACTIVE_PASSIVE, 10_101, ms, 2);
    }

    @ParameterizedTest
    @CsvSource({"-lan", ".lan", "_lan", "lan:1", "sixteencharacter"})
    void takesOnlyDevicesThatTheAgentTakes(String device) {
        var router = new RouterSettings(
                "web", "lan", 10, device, router("web", 10, null).addresses(), null, 3, null, 5, 0);

        assertThat(routerCodes(router)).containsExactly("ha.device");
    }

    @Test
    void hasANumberOnceOnADevice() {
        var other = new RouterSettings(
                "mail", "another", 10, "eth0", router("mail", 11, null).addresses(), null, 3, null, 5, 0);

        assertThat(codes(of(HaMode.ACTIVE_PASSIVE, TrafficMode.ACTIVE_PASSIVE, 2, router("web", 10, null), other)))
                .containsExactly("ha.router-id-taken");
    }

    @ParameterizedTest
    @CsvSource({"127.0.0.1", "224.0.0.18", "0.0.0.0", "192.0.2.10/24", "host.example", "::1", "ff02::12"})
    void movesOnlyAddressesOfHosts(String address) {
        assertThat(routerCodes(router("web", 10, null, 3, null, address))).containsExactly("ha.address");
    }

    @Test
    void asksForAnAddressOfTheKindThatMembersHaveAndHasNothingTwice() {
        var both = router("web", 10, null, 3, null, "192.0.2.10", "2001:db8::1");
        var six = router("web", 10, null, 3, null, "2001:db8::1");
        assertThat(found(both, "192.0.2.1", null)).isEmpty();
        assertThat(found(six, "2001:db8::7", "2001:db8::8")).isEmpty();
        assertThat(found(six, null, null)).containsExactly("ha.address-family");
        assertThat(found(six, "192.0.2.1", "2001:db8::8")).containsExactly("ha.address-family");
        assertThat(found(router("web", 10, null), "2001:db8::7", "2001:db8::8")).containsExactly("ha.address-family");
        assertThat(routerCodes(router("web", 10, null, 3, null, "fe80::1", "2001:db8::1")))
                .isEmpty();
        assertThat(codes(of(
                        HaMode.ACTIVE_PASSIVE,
                        TrafficMode.ACTIVE_PASSIVE,
                        2,
                        router("web", 10, null, 3, null, "192.0.2.10"),
                        router("web", 10, null, 3, null, "192.0.2.10"))))
                .containsExactlyInAnyOrder("ha.router-name", "ha.router-id-taken", "ha.address-taken");
    }

    private static List<String> found(RouterSettings router, @Nullable String first, @Nullable String second) {
        var peers = List.of(new Peer(id(1), "one", first), new Peer(id(2), "two", second));
        var wish = of(HaMode.ACTIVE_PASSIVE, TrafficMode.ACTIVE_PASSIVE, 2, router);
        return HaRules.check(wish, peers).stream().map(FieldError::code).toList();
    }

    /** HC-24, HC-05, HC-06: who owns what. */
    @Test
    void asksForOwnersByTheTrafficMode() {
        assertThat(codes(of(HaMode.CLUSTER, TrafficMode.MIXED, 3, router("web", 10, null))))
                .as("its services say")
                .isEmpty();
        assertThat(codes(of(HaMode.CLUSTER, TrafficMode.MIXED, 3, router("web", 10, id(3)))))
                .isEmpty();
        assertThat(codes(of(HaMode.CLUSTER, TrafficMode.ACTIVE_ACTIVE, 3, router("web", 10, id(9)))))
                .containsExactly("ha.router-owner");
        assertThat(codes(of(HaMode.ACTIVE_PASSIVE, TrafficMode.ACTIVE_PASSIVE, 2, router("web", 10, id(2)))))
                .containsExactly("ha.router-owner");
        assertThat(codes(of(HaMode.ACTIVE_PASSIVE, TrafficMode.MIXED, 2))).containsExactly("ha.traffic-mode");
    }

    private static List<String> routerCodes(RouterSettings router) {
        return codes(of(HaMode.ACTIVE_PASSIVE, TrafficMode.ACTIVE_PASSIVE, 2, router));
    }
}
