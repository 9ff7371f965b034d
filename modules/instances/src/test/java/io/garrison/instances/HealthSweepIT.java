package io.garrison.instances;

import static io.garrison.instances.Worlds.anyTenant;
import static io.garrison.instances.Worlds.as;
import static io.garrison.instances.Worlds.csr;
import static org.assertj.core.api.Assertions.assertThat;

import io.garrison.instances.pki.Authority;
import io.garrison.protocol.EnrollRequest;
import io.garrison.protocol.Report;
import io.garrison.protocol.SyncState;
import io.garrison.tenancy.CurrentTenant;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;

@ServerTest
class HealthSweepIT {

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
    TestLicensing licensing;

    @Autowired
    JdbcClient jdbc;

    @Autowired
    InstanceSettings settings;

    @Autowired
    PlatformTransactionManager transactions;

    private static Report report(long sequence) {
        return new Report(
                new UUID(1, 1),
                sequence,
                Instant.now(),
                0,
                null,
                null,
                SyncState.NEVER_APPLIED,
                null,
                false,
                false,
                "ACTIVE",
                "0.1.0",
                null,
                List.of(),
                new Report.SpoolState(0, 0, 0, 0),
                null,
                null);
    }

    @Test
    void noticesSilenceAfterItsTimeAndForgivesItWithTheNextHeartbeat() {
        var alice = anyTenant();
        var subLicense = licensing.sell(alice, 1, 1);
        var stack = as(alice, () -> stacks.create("edge", subLicense, TrafficMode.ACTIVE_ACTIVE));
        var token = as(alice, () -> tokens.create(stack.id(), 60, 1)).token();
        var enrolled = enrollment.enroll(new EnrollRequest(token, csr(Authority.newKeyPair()), Map.of()), "192.0.2.1");
        var id = new InstanceId(enrolled.instanceId());
        var edge = new EdgeIdentity(alice, stack.id(), id);
        CurrentTenant.runAs(alice, () -> edges.report(edge, report(1)));
        var now = Instant.now();
        var longAgo = Clock.fixed(now.minus(Duration.ofHours(1)), java.time.ZoneOffset.UTC);
        var sweep = new HealthSweep(jdbc, settings, longAgo, transactions);

        sweep.sweep(now.plus(Duration.ofSeconds(10)));
        assertThat(as(alice, () -> instances.get(id)).lifecycleState()).isEqualTo(LifecycleState.ONLINE);
        sweep.sweep(now.plus(Duration.ofSeconds(16)));
        assertThat(as(alice, () -> instances.get(id)).lifecycleState()).isEqualTo(LifecycleState.SUSPECT);
        sweep.sweep(now.plus(Duration.ofSeconds(31)));
        var lost = as(alice, () -> instances.get(id));
        assertThat(lost.lifecycleState()).isEqualTo(LifecycleState.LOST);
        assertThat(lost.syncState()).isEqualTo(SyncState.UNKNOWN);
        assertThat(lost.health()).isEqualTo(InstanceHealth.UNKNOWN);

        CurrentTenant.runAs(alice, () -> edges.report(edge, report(2)));
        assertThat(as(alice, () -> instances.get(id)).lifecycleState()).isEqualTo(LifecycleState.ONLINE);
        new HealthSweep(jdbc, settings, Clock.fixed(now, java.time.ZoneOffset.UTC), transactions)
                .sweep(now.plus(Duration.ofSeconds(10)));
        assertThat(as(alice, () -> instances.get(id)).lifecycleState())
                .as("silence counts from the start of management at the earliest")
                .isEqualTo(LifecycleState.ONLINE);
    }
}
