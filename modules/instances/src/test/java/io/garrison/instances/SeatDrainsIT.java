package io.garrison.instances;

import static io.garrison.instances.Worlds.anyTenant;
import static io.garrison.instances.Worlds.as;
import static io.garrison.instances.Worlds.csr;
import static org.assertj.core.api.Assertions.assertThat;

import io.garrison.instances.pki.Authority;
import io.garrison.licensing.SeatHolders;
import io.garrison.protocol.EnrollRequest;
import io.garrison.protocol.Report;
import io.garrison.protocol.ReportAnswer;
import io.garrison.protocol.SyncState;
import io.garrison.tenancy.CurrentTenant;
import io.garrison.tenancy.TenantId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.transaction.support.TransactionOperations;

/** What becomes of an instance whose seat is taken away. */
@ServerTest
class SeatDrainsIT {

    @Autowired
    StackManagement stacks;

    @Autowired
    EnrollmentTokens tokens;

    @Autowired
    EdgeEnrollment enrollment;

    @Autowired
    EdgeService edges;

    @Autowired
    InstanceManagement instances;

    @Autowired
    SeatHolders holders;

    @Autowired
    TestLicensing licensing;

    @Autowired
    TransactionOperations transactions;

    @Test
    void drainsAndGivesItsSeatUpWhenDrained() {
        var alice = anyTenant();
        var subLicense = licensing.sell(alice, 1, 1);
        var stack = as(alice, () -> stacks.create("edge", subLicense, TrafficMode.ACTIVE_ACTIVE));
        var token = as(alice, () -> tokens.create(stack.id(), 60, 1)).token();
        var enrolled = enrollment.enroll(new EnrollRequest(token, csr(Authority.newKeyPair()), Map.of()), "192.0.2.1");
        var id = new InstanceId(enrolled.instanceId());
        var edge = new EdgeIdentity(alice, stack.id(), id);
        assertThat(report(edge, 1, false).drain()).isFalse();

        drain(anyTenant(), id);
        assertThat(report(edge, 2, false).drain()).as("another tenant's").isFalse();
        drain(alice, id);
        drain(alice, id);

        assertThat(report(edge, 3, false).drain()).isTrue();
        report(edge, 4, true);
        assertThat(as(alice, () -> instances.get(id)).lifecycleState()).isEqualTo(LifecycleState.MAINTENANCE);
        report(edge, 5, true);
        assertThat(as(alice, () -> instances.get(id)).seatUntil())
                .as("drained, but it may keep its seat")
                .isNotNull();
        licensing.takeAway(id.value());
        report(edge, 6, true);
        assertThat(as(alice, () -> instances.get(id)).seatUntil()).isNull();
        assertThat(licensing.seatsTaken(subLicense)).isZero();
    }

    @Test
    void tellsTheNamesOfItsOwnInstancesAndOfNoOthers() {
        var alice = anyTenant();
        var subLicense = licensing.sell(alice, 1, 1);
        var stack = as(alice, () -> stacks.create("edge", subLicense, TrafficMode.ACTIVE_ACTIVE));
        var token = as(alice, () -> tokens.create(stack.id(), 60, 1)).token();
        var id = new InstanceId(enrollment
                .enroll(new EnrollRequest(token, csr(Authority.newKeyPair()), Map.of()), "192.0.2.1")
                .instanceId());
        var name = as(alice, () -> instances.get(id)).name();

        assertThat(names(alice, id)).isEqualTo(Map.of(id.value(), name));
        assertThat(names(anyTenant(), id)).isEmpty();
    }

    private Map<UUID, String> names(TenantId tenant, InstanceId id) {
        return CurrentTenant.callAs(
                tenant, () -> transactions.execute(status -> holders.names(List.of(id.value(), new UUID(1, 2)))));
    }

    private void drain(TenantId tenant, InstanceId id) {
        CurrentTenant.runAs(
                tenant, () -> transactions.executeWithoutResult(status -> holders.drain(List.of(id.value()))));
    }

    private ReportAnswer report(EdgeIdentity edge, long sequence, boolean draining) {
        var report = new Report(
                new UUID(1, 1),
                sequence,
                Instant.now(),
                0,
                null,
                null,
                SyncState.NEVER_APPLIED,
                null,
                false,
                draining,
                "ACTIVE",
                "0.1.0",
                null,
                List.of(),
                new Report.SpoolState(0, 0, 0, 0),
                null,
                null);
        return CurrentTenant.callAs(edge.tenantId(), () -> edges.report(edge, report));
    }
}
