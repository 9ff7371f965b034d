package io.garrison.edge.ha;

import static io.garrison.edge.testing.HaPair.SHARED;
import static io.garrison.edge.testing.HaPair.SHARED_TOO;
import static io.garrison.edge.testing.HaPair.SHARED_V6;
import static io.garrison.edge.testing.HaPair.SOON;
import static io.garrison.edge.testing.HaPair.router;
import static io.garrison.edge.testing.ScriptedGateway.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.garrison.edge.testing.HaPair;
import io.garrison.edge.testing.HaPair.Machine;
import io.garrison.edge.testing.HaPair.Probes;
import io.garrison.edge.testing.HaPair.Seen;
import io.garrison.edge.testing.HaValues;
import io.garrison.protocol.HaSettings.HaMode;
import io.garrison.protocol.VirtualRouter;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** HA-06, HC-24: what is between three instances only, and addresses of IPv6. */
@Tag("alone")
@TestInstance(Lifecycle.PER_CLASS)
class ThreeMembersIT {

    private static final Logger log = LoggerFactory.getLogger(ThreeMembersIT.class);

    /** How often something is tried once more that a busy machine may spoil. */
    private static final int BUSY = 3;

    @TempDir
    static Path temp;

    private HaPair stack;
    private Machine one;
    private Machine two;
    private Machine three;

    @BeforeAll
    void threeInstances() throws Exception {
        var missing = HaPair.missing();
        assumeTrue(missing.isEmpty(), missing.orElse(""));
        stack = new HaPair(temp, 3);
        one = stack.first;
        two = stack.second;
        three = stack.machines.getLast();
    }

    @AfterAll
    void nothingIsLeft() throws Exception {
        if (stack != null) {
            stack.close();
        }
    }

    /** Its owner is told of last, so that at the next one another may be taken for the one that gave up. */
    @Test
    void handOverOneAfterTheOtherSoThatNoClientIsRefusedAndNoConnectionBreaks() throws Exception {
        plan(Map.of("web", List.of(100, 51, 150)), Map.of("web", SHARED), machine -> machine.address);

        lossless(SHARED, List.of(three, one, two));
    }

    @Test
    void doSoWithAnAddressOfIpv6() throws Exception {
        plan(Map.of("web", List.of(150, 100, 51)), Map.of("web", SHARED_V6), machine -> machine.addressV6);

        lossless(SHARED_V6, List.of(one, two));
    }

    /** Once more if it is not: on a machine that stands still a move by plan may be followed by one that nobody planned. */
    private void lossless(String shared, List<Machine> holders) throws Exception {
        stack.awaitHolder(holders.getFirst(), "web", shared);
        try (var anew = stack.probe(shared, 10);
                var kept = stack.keep(shared, 10)) {
            var seen = List.<Seen>of();
            for (int i = 0; i <= BUSY && (i == 0 || seen.stream().anyMatch(ThreeMembersIT::isLossy)); i++) {
                seen = away(shared, holders, anew, kept);
                log.info("{}: {}", shared, seen);
            }
            assertThat(seen).as(() -> one.story() + two.story() + three.story()).noneMatch(ThreeMembersIT::isLossy);
        }
    }

    private static boolean isLossy(Seen seen) {
        return seen.refused() > 0 || seen.broken() > 0;
    }

    /** From the first to the next and the next, and back to the first at once. */
    private List<Seen> away(String shared, List<Machine> holders, Probes anew, Probes kept) throws Exception {
        anew.on();
        kept.on();
        kept.awaitMore(50);
        for (int i = 1; i < holders.size(); i++) {
            holders.get(i - 1).command("drain");
            stack.awaitHolder(holders.get(i), "web", shared);
            kept.awaitAnswerOf(holders.get(i));
        }
        for (var drained : holders.subList(0, holders.size() - 1)) {
            drained.command("drain", "--off");
        }
        stack.awaitHolder(holders.getFirst(), "web", shared);
        kept.awaitMore(100);
        return List.of(anew.settled(), kept.settled());
    }

    /** HC-24: each address is where its router says, so one member's end moves what is its own and nothing else. */
    @Test
    void serveInBothModesAtOnceAndTakeOverOnlyWhatTheOneHeldThatDies() throws Exception {
        plan(
                Map.of("web", List.of(150, 100, 51), "web-too", List.of(51, 150, 100)),
                Map.of("web", SHARED, "web-too", SHARED_TOO),
                machine -> machine.address);
        stack.awaitHolder(one, "web", SHARED);
        stack.awaitHolder(two, "web-too", SHARED_TOO);
        try (var passive = stack.probe(SHARED, 20);
                var active = stack.probe(SHARED_TOO, 20)) {
            two.lose();
            two.cable(false);
            stack.await("the next by id has it", () -> three.holdsQuietly(SHARED_TOO));
            active.awaitAnswerOf(three);
            var served = passive.settled();
            assertThat(served.by()).contains(one.backAddress).doesNotContain(two.backAddress, three.backAddress);
            assertThat(served.failed()).as("served on: " + served).isLessThanOrEqualTo(served.probes() / 50);
            assertThat(active.settled().by()).contains(three.backAddress).doesNotContain(one.backAddress);
            assertThat(three.holdsQuietly(SHARED)).isFalse();
        } finally {
            two.cable(true);
            two.start();
        }
        stack.awaitHolder(two, "web-too", SHARED_TOO);
        stack.awaitHolder(one, "web", SHARED);
    }

    /**
     * @param priorities of the machines in their order, by router
     * @param addresses by router
     */
    private void plan(
            Map<String, List<Integer>> priorities, Map<String, String> addresses, Function<Machine, String> address)
            throws InterruptedException {
        var values = new HaValues();
        values.mode = HaMode.CLUSTER;
        var routers = new HashMap<Machine, List<VirtualRouter>>();
        for (int i = 0; i < 3; i++) {
            int at = i;
            routers.put(
                    stack.machines.get(i),
                    addresses.entrySet().stream()
                            .map(router -> router(
                                    router.getKey(),
                                    router.getKey().equals("web") ? 51 : 52,
                                    router.getValue(),
                                    priorities.get(router.getKey()).get(at)))
                            .toList());
        }
        stack.planAll(values.build(), routers, address);
        stack.awaitInForce();
        await("all are well", SOON, () -> stack.machines.stream().allMatch(this::isReady));
    }

    private boolean isReady(Machine machine) {
        return machine.told().routers().stream()
                .allMatch(router ->
                        router.state().equals("MASTER") || router.state().equals("BACKUP"));
    }
}
