package io.garrison.instances;

import static io.garrison.instances.Worlds.anyTenant;
import static io.garrison.instances.Worlds.as;
import static org.assertj.core.api.Assertions.assertThat;

import io.garrison.protocol.Availability;
import io.garrison.protocol.Availability.ClusterState;
import io.garrison.protocol.Availability.Fault;
import io.garrison.protocol.Availability.MemberState;
import io.garrison.protocol.Report;
import io.garrison.tenancy.CurrentTenant;
import io.garrison.tenancy.TenantId;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;

/** What a heartbeat writes. */
@ServerTest
class HeartbeatsIT {

    private static final Instant NOON = Instant.parse("2026-11-27T12:00:00Z");

    @Autowired
    InstanceManagement instances;

    @Autowired
    StackWatch watch;

    @Autowired
    AvailableStacks machines;

    @Autowired
    JdbcClient jdbc;

    @Autowired
    TransactionOperations transactions;

    private final TenantId alice = anyTenant();
    private AvailableStacks.Made pair;

    @BeforeEach
    void makeAPair() {
        pair = machines.make(alice, 2);
    }

    private void beat(Instant exchanged, List<Fault> faults) {
        var id = pair.id(0).value();
        var members = List.of(new MemberState(pair.id(1).value(), "edge-2", null, "WORKER", "healthy", 0, exchanged));
        var cluster = new ClusterState(id, "MAIN", 4, id, true, members, 0, exchanged, 12.5);
        pair.machines()
                .getFirst()
                .reports(new Availability(
                        1, null, "192.0.2.1", List.of(), null, 0, null, faults, cluster, List.of(), List.of()));
    }

    /** Which transaction wrote the rows in which the reported state is. */
    private List<String> writers() {
        return CurrentTenant.callAs(
                alice,
                () -> transactions.execute(status -> jdbc.sql("""
                                select i.xmin || '' from instances.instance i where i.id = :id
                                union all
                                select a.xmin || '' from instances.instance_availability a where a.instance_id = :id""")
                        .param("id", pair.id(0).value())
                        .query(String.class)
                        .list()));
    }

    @Test
    void writesOnlyThatItWasHeardIfNothingHasChanged() {
        beat(NOON, List.of());
        beat(NOON, List.of());
        var before = writers();
        var seen = as(alice, () -> instances.get(pair.id(0))).lastSeen();

        beat(NOON.plusSeconds(5), List.of());

        assertThat(writers()).hasSize(2).isEqualTo(before);
        assertThat(as(alice, () -> instances.get(pair.id(0))).lastSeen()).isAfter(seen);
        assertThat(as(alice, () -> watch.cluster(pair.stack())).sync().lastRuleSync())
                .isEqualTo(NOON.plusSeconds(5));

        beat(NOON.plusSeconds(10), List.of(new Fault("link-down", "eth0", NOON)));
        assertThat(writers().getLast()).as("a fault is written").isNotEqualTo(before.getLast());
        assertThat(as(alice, () -> watch.cluster(pair.stack())).members())
                .filteredOn(member -> member.instanceId().equals(pair.id(0).value()))
                .singleElement()
                .satisfies(member -> assertThat(member.faults()).hasSize(1));
    }

    /** DI-05 */
    @Test
    void keepsHowBusyTheMachineIsWithTheHeartbeatAlone() {
        var machine = pair.machines().getFirst();
        beat(NOON, List.of());
        assertThat(as(alice, () -> instances.get(pair.id(0))).machine())
                .as("of an agent that does not say")
                .isNull();
        var before = writers();

        machine.load = new Report.MachineLoad(12.5, 1_500_000_000, 4_000_000_000L, 40_000_000, 41_000_000);
        beat(NOON.plusSeconds(5), List.of());
        assertThat(as(alice, () -> instances.get(pair.id(0))).machine()).isEqualTo(machine.load);
        assertThat(writers()).isEqualTo(before);

        machine.load = null;
        beat(NOON.plusSeconds(10), List.of());
        assertThat(as(alice, () -> instances.get(pair.id(0))).machine())
                .as("of an older agent that came in its place")
                .isNull();
    }

    /** Overviews and filters go by health; who can't do its part in the stack must not look well there. */
    @Test
    void isDegradedForAsLongAsAFaultIsTold() {
        beat(NOON, List.of());
        assertThat(as(alice, () -> instances.get(pair.id(0))).health()).isEqualTo(InstanceHealth.UP);

        beat(NOON.plusSeconds(5), List.of(new Fault("link-down", "eth0", NOON)));
        assertThat(as(alice, () -> instances.get(pair.id(0))).health()).isEqualTo(InstanceHealth.DEGRADED);

        beat(NOON.plusSeconds(10), List.of());
        assertThat(as(alice, () -> instances.get(pair.id(0))).health()).isEqualTo(InstanceHealth.UP);
    }
}
