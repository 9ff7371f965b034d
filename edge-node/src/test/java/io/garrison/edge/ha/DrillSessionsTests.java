package io.garrison.edge.ha;

import static org.assertj.core.api.Assertions.assertThat;

import io.garrison.edge.ha.DrillSessions.Had;
import io.garrison.edge.testing.HaValues;
import io.garrison.protocol.Drill;
import io.garrison.protocol.InstancePlan;
import io.garrison.protocol.SessionMarks;
import io.garrison.protocol.VirtualRouter;
import io.garrison.protocol.VirtualRouter.VirtualAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What an instance tells of its sessions in a rehearsal. */
class DrillSessionsTests {

    private static final UUID ID = new UUID(4, 2);
    private static final Drill DRILL = new Drill(ID, "web", Drill.Role.YIELD, Drill.Kind.FAULT, Instant.EPOCH, 1);
    private static final InstancePlan PLAN = new InstancePlan(
            InstancePlan.VERSION,
            1,
            ID,
            ID,
            ID,
            Instant.EPOCH,
            new HaValues().build(),
            List.of(router("web", 51, "10.98.22.100"), router("other", 52, "10.98.22.101")),
            List.of(),
            List.of());

    private static VirtualRouter router(String name, int id, String address) {
        return new VirtualRouter(
                name, id, "e0", List.of(new VirtualAddress(address, 24, null)), 150, true, 3, null, null, null);
    }

    private static Had had(Sessions sessions) {
        var told = new CompletableFuture<Had>();
        new DrillSessions(sessions).read(DRILL, PLAN, told::complete);
        return told.orTimeout(10, TimeUnit.SECONDS).join();
    }

    @Test
    void tellsThoseOfTheAddressesOfItsRouter() {
        var expected = new SessionMarks(ID);
        expected.add("be_1", "::1", "srv_1");

        assertThat(had((addresses, each) -> {
                    assertThat(addresses).containsExactly(InetAddress.ofLiteral("10.98.22.100"));
                    each.entry("be_1", "::1", "srv_1");
                    return true;
                }))
                .isEqualTo(new Had(1, expected.lowest()));
        assertThat(had((addresses, each) -> true)).as("nobody came").isEqualTo(new Had(0, List.of()));
    }

    @Test
    void tellsNothingIfNobodyIsKeptOrNobodyKnows() {
        assertThat(had((addresses, each) -> false)).isEqualTo(Had.UNKNOWN);
        assertThat(had((addresses, each) -> {
                    each.entry("be_1", "::1", "srv_1");
                    throw new IOException("planted");
                }))
                .isEqualTo(Had.UNKNOWN);
    }
}
