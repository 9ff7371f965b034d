package io.garrison.edge.ha.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.garrison.edge.testing.HaValues;
import io.garrison.protocol.InstancePlan;
import io.garrison.protocol.InstancePlan.Member;
import io.garrison.protocol.VirtualRouter;
import io.garrison.protocol.VirtualRouter.VirtualAddress;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiPredicate;
import org.junit.jupiter.api.Test;

/** HC-16: whose packets go on to whom; what the kernel makes of it is shown by HighAvailabilityIT. */
class MovedConnectionsTests {

    private static final Duration FRESH = Duration.ofMillis(300);
    private static final UUID OWN = new UUID(0, 1);
    private static final VirtualAddress V4 = new VirtualAddress("10.98.22.100", 24, null);
    private static final VirtualAddress V6 = new VirtualAddress("fd00::100", 64, null);
    private static final VirtualAddress ELSEWHERE = new VirtualAddress("10.98.23.100", 24, "e1");

    @Test
    void sendsOnToAPeerThatHoldsWithLessPriority() {
        var script = moved((device, peer) -> true, router("web", 51, 150, V4), router("api", 52, 100, V4))
                .script(FRESH);
        assertThat(script)
                .contains("ip saddr 10.98.22.12 @th,8,8 51 @th,16,8 1-49 update @yields_0")
                .contains(
                        "ip saddr 10.98.22.12 @th,8,8 51 @th,16,8 50-149 meta pkttype != @gives_up_0 update @yields_0")
                .contains("ip saddr 10.98.22.12 @th,8,8 52 @th,16,8 1-99 meta pkttype != @gives_up_1 update @yields_1")
                .contains("ip saddr 10.98.22.12 @th,8,8 51 @th,16,8 1-49 update @lowers_0")
                .contains("ip saddr 10.98.22.12 @th,8,8 51 @th,16,8 50 meta pkttype != @gives_up_0 update @lowers_0")
                .contains("ip saddr 10.98.22.12 @th,8,8 52 @th,16,8 1-50 meta pkttype != @gives_up_1 update @lowers_1")
                .contains("timeout 300ms")
                .contains("fwd ip to 10.98.22.12 device \"e0\"");
    }

    @Test
    void knowsTheSetsOfEachRouter() {
        var moved = moved((device, peer) -> true, router("web", 51, 150, V4), router("api", 52, 100, V4));
        assertThat(moved.sets("web")).containsExactly(new MovedConnections.Sets("lowers_0", "yields_0", "left_0"));
        assertThat(moved.sets("api")).containsExactly(new MovedConnections.Sets("lowers_1", "yields_1", "left_1"));
    }

    /** Of three, two may have held within the time for which connections are sent on. */
    @Test
    void sendsOnToWhoGivesUpNowBeforeAnEarlierHolder() {
        var script = moved((device, peer) -> true, router("web", 51, 150, V4), router("api", 52, 100, V4))
                .script(FRESH);
        assertThat(script)
                .containsSubsequence(
                        "@lowers_0 add @left_0",
                        "@lowers_0 goto",
                        "@lowers_1 goto",
                        "@yields_0 add @left_0",
                        "@yields_0 goto",
                        "@yields_1 goto",
                        "@left_0 goto",
                        "@left_1 goto");
    }

    @Test
    void doesNotTakeThePeerThatRelievesThisInstanceForOneThatGivesUp() {
        var moved = moved((device, peer) -> true, router("web", 51, 150, V4), router("api", 52, 100, V4));
        assertThat(moved.givingUp(Set.of("web")))
                .containsSubsequence(
                        "flush set netdev garrison_moved_test gives_up_0\n",
                        "flush set netdev garrison_moved_test yields_0\n",
                        "add element netdev garrison_moved_test gives_up_0 { host }\n",
                        "flush set netdev garrison_moved_test gives_up_1\n")
                .doesNotContain("gives_up_1 { host }", "yields_1");
    }

    @Test
    void leavesOutWhatThePeerCannotBeReachedFor() {
        assertThat(moved((device, peer) -> false, router("web", 51, 150, V4)).isEmpty())
                .as("in another network")
                .isTrue();
        assertThat(moved((device, peer) -> true, router("web", 51, 150, V6)).isEmpty())
                .as("IPv6 with peers of IPv4")
                .isTrue();
        var script = moved((device, peer) -> device.equals("e1"), router("web", 51, 150, V4, ELSEWHERE))
                .script(FRESH);
        assertThat(script).contains("fwd ip to 10.98.22.12 device \"e1\"").doesNotContain("10.98.22.100");
    }

    @Test
    void readsWhoseConnectionsAreOpen() {
        assertThat(OpenSockets.connection(
                        "   1: 6416620A:0050 0916620A:A8CA 01 00000000:00000000 00:00000000 00000000     0    "
                                + "    0 1 1"))
                .containsExactly(new OpenSockets.Connection(
                        InetAddress.ofLiteral("10.98.22.9"), 43_210, InetAddress.ofLiteral("10.98.22.100"), 80));
        assertThat(OpenSockets.connection(
                        "   0: 000000FD000000000000000000010000:0050 000000FD000000000000000009000000:A8CA 08 0 0 0"))
                .containsExactly(new OpenSockets.Connection(
                        InetAddress.ofLiteral("fd00::9"), 43_210, InetAddress.ofLiteral("fd00::100"), 80));
        assertThat(OpenSockets.connection("   1: 6416620A:0050 00000000:0000 0A 00000000:00000000 00:0"))
                .as("listens")
                .isEmpty();
    }

    private static MovedConnections moved(BiPredicate<String, InetAddress> onLink, VirtualRouter... routers) {
        var plan = new InstancePlan(
                InstancePlan.VERSION,
                1,
                OWN,
                OWN,
                OWN,
                Instant.EPOCH,
                new HaValues().build(),
                List.of(routers),
                List.of(),
                List.of(
                        new Member(OWN, "one", "10.98.22.11", 10_101, true),
                        new Member(new UUID(0, 2), "two", "10.98.22.12", 10_101, false),
                        new Member(new UUID(0, 3), "three", "three.example", 10_101, false)));
        return new MovedConnections("garrison_moved_test", plan, onLink);
    }

    private static VirtualRouter router(String name, int id, int priority, VirtualAddress... addresses) {
        return new VirtualRouter(name, id, "e0", List.of(addresses), priority, true, 3, null, null, null);
    }
}
