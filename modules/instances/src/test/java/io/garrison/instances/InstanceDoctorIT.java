package io.garrison.instances;

import static io.garrison.instances.Worlds.anyTenant;
import static io.garrison.instances.Worlds.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.garrison.instances.InstanceDoctor.State;
import io.garrison.protocol.Examination;
import io.garrison.protocol.Examination.Finding;
import io.garrison.protocol.Report;
import io.garrison.protocol.SyncState;
import io.garrison.tenancy.CurrentTenant;
import io.garrison.tenancy.TenantId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/** An examination that a person asks for: told with the heartbeat, and answered by one. */
@ServerTest
class InstanceDoctorIT {

    @Autowired
    InstanceDoctor doctor;

    @Autowired
    InstanceManagement instances;

    @Autowired
    EdgeService edges;

    @Autowired
    AvailableStacks machines;

    @Autowired
    JdbcClient jdbc;

    @Autowired
    TransactionTemplate transaction;

    private final TenantId alice = anyTenant();
    private final TenantId mallory = anyTenant();
    private final UUID boot = UUID.randomUUID();
    private EdgeIdentity edge;
    private EdgeIdentity neighbour;
    private InstanceId instance;
    private long sequence;

    @BeforeEach
    void makeAPair() {
        var pair = machines.make(alice, 2);
        edge = pair.machines().getFirst().identity;
        neighbour = pair.machines().getLast().identity;
        instance = edge.instanceId();
    }

    @Test
    void isWantedUntilItsResultArrivesAndThenKept() {
        assertThat(latest().state()).isEqualTo(State.NEVER);
        assertThat(report(edge, null)).isNull();

        var asked = as(alice, () -> doctor.examine(instance));
        assertThat(asked.state()).isEqualTo(State.WAITING);
        assertThat(asked.askedBy()).isNotBlank();
        assertThat(report(neighbour, null)).as("it is for one instance").isNull();
        assertThat(report(edge, null)).isEqualTo(asked.id());
        assertThat(latest().state()).isEqualTo(State.RUNNING);
        assertThat(as(alice, () -> doctor.examine(instance)).id())
                .as("that one goes on")
                .isEqualTo(asked.id());
        assertThat(report(edge, null)).as("an answer may be lost").isEqualTo(asked.id());

        assertThat(report(edge, examination(asked.id(), "it refuses"))).isNull();
        var done = latest();
        assertThat(done.state()).isEqualTo(State.DONE);
        assertThat(done.cause().orElseThrow().id()).isEqualTo("gateway.port");
        assertThat(done.result().findings()).hasSize(2);
        assertThat(report(edge, examination(asked.id(), "a second word"))).isNull();
        assertThat(latest()).as("the first word holds").isEqualTo(done);

        var again = as(alice, () -> doctor.examine(instance));
        assertThat(again.id()).isNotEqualTo(asked.id());
        assertThat(again.result()).as("the old one stays until then").isEqualTo(done.result());
        assertThat(report(edge, examination(asked.id(), "late"))).isEqualTo(again.id());
        assertThat(latest().state()).isEqualTo(State.RUNNING);
    }

    @Test
    void takesNoResultThatIsNotTheInstancesOwn() {
        var asked = as(alice, () -> doctor.examine(instance));
        assertThat(report(neighbour, examination(asked.id(), "forged"))).isNull();
        assertThat(latest().state()).isEqualTo(State.WAITING);
        assertThat(report(edge, examination(UUID.randomUUID(), "of another"))).isEqualTo(asked.id());
        assertThat(latest().result()).isNull();
    }

    @Test
    void givesUpOnAnInstanceThatDoesNotAnswer() {
        var asked = as(alice, () -> doctor.examine(instance));
        report(edge, null);
        age(asked.id(), "9 minutes");
        assertThat(latest().state()).isEqualTo(State.RUNNING);
        age(asked.id(), "11 minutes");
        assertThat(latest().state()).isEqualTo(State.UNANSWERED);
        assertThat(report(edge, null)).as("too late").isNull();
        assertThat(report(edge, examination(asked.id(), "late"))).isNull();
        assertThat(latest().result()).isNull();
        assertThat(as(alice, () -> doctor.examine(instance)).id()).isNotEqualTo(asked.id());
    }

    @Test
    void showsNothingOfWhatCouldDoHarmAndKeepsALimitedPart() {
        var asked = as(alice, () -> doctor.examine(instance));
        var findings = new ArrayList<Finding>();
        for (int i = 0; i < 500; i++) {
            findings.add(new Finding("id-" + i, "FILES", "GOOD", "x".repeat(5_000) + "\u202e\n", null));
        }
        report(edge, new Examination(asked.id(), Instant.now(), Instant.now(), findings, null));
        var kept = latest().result().findings();
        assertThat(kept).hasSize(200);
        assertThat(kept).allMatch(finding -> finding.found().length() == 1_000);

        var next = as(alice, () -> doctor.examine(instance));
        var odd = new Finding("id", "FILES", "GOOD", "a\u202eb\nc", null);
        report(edge, new Examination(next.id(), Instant.now(), Instant.now(), List.of(odd), null));
        assertThat(latest().result().findings().getFirst().found()).isEqualTo("a?b?c");
    }

    @Test
    void aResultThatIsNotCompleteKeepsNoOtherPartOfTheReportBack() {
        var asked = as(alice, () -> doctor.examine(instance));
        var strange = new Finding("id", "FILES", "WORSE", "found", null);
        assertThat(report(edge, new Examination(asked.id(), Instant.now(), Instant.now(), List.of(strange), null)))
                .isNull();
        assertThat(as(alice, () -> instances.get(instance)).lastSeen()).isNotNull();
        assertThat(latest().result()).isNull();
    }

    @Test
    void refusesWhoseInstanceCantBeAsked() {
        as(alice, () -> instances.quarantine(instance, true));
        assertThatExceptionOfType(InstanceException.IllegalTransition.class)
                .isThrownBy(() -> as(alice, () -> doctor.examine(instance)));
        assertThat(latest().state()).isEqualTo(State.NEVER);
    }

    @Test
    void isNobodyElsesBusiness() {
        as(alice, () -> doctor.examine(instance));
        assertThatExceptionOfType(InstanceException.NotFound.class)
                .isThrownBy(() -> as(mallory, () -> doctor.examine(instance)));
        assertThatExceptionOfType(InstanceException.NotFound.class)
                .isThrownBy(() -> as(mallory, () -> doctor.latest(instance)));
        assertThat(rows(alice)).isEqualTo(1);
        assertThat(rows(mallory)).isZero();
    }

    private long rows(TenantId tenant) {
        return as(
                tenant,
                () -> transaction.execute(status -> jdbc.sql("select count(*) from instances.examination")
                        .query(Long.class)
                        .single()));
    }

    private void age(UUID id, String by) {
        as(
                alice,
                () -> transaction.execute(status -> jdbc.sql(
                                "update instances.examination set asked_at = now() - cast(? as interval) where id = ?")
                        .params(by, id)
                        .update()));
    }

    private InstanceDoctor.Examined latest() {
        return as(alice, () -> doctor.latest(instance));
    }

    /** @return the examination that is wanted */
    private @Nullable UUID report(EdgeIdentity from, @Nullable Examination examination) {
        var report = new Report(
                boot,
                ++sequence,
                Instant.now(),
                0,
                null,
                null,
                SyncState.NEVER_APPLIED,
                null,
                true,
                false,
                "ACTIVE",
                "0.1.0",
                null,
                List.of(),
                new Report.SpoolState(0, 0, 0, 0),
                null,
                null,
                null,
                null,
                examination,
                null);
        return CurrentTenant.callAs(from.tenantId(), () -> edges.report(from, report))
                .examine();
    }

    private static Examination examination(UUID id, String found) {
        return new Examination(
                id,
                Instant.now(),
                Instant.now(),
                List.of(
                        new Finding("files.state", "FILES", "GOOD", "well", null),
                        new Finding("gateway.port", "GATEWAY", "BAD", found, "Open the port.")),
                null);
    }
}
