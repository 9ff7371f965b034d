package io.garrison.instances;

import static io.garrison.instances.Worlds.anyTenant;
import static io.garrison.instances.Worlds.as;
import static io.garrison.instances.Worlds.policy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.garrison.instances.Drills.DrillSummary;
import io.garrison.instances.Drills.DrillWish;
import io.garrison.instances.Drills.State;
import io.garrison.protocol.Availability;
import io.garrison.protocol.Availability.DrillResult;
import io.garrison.protocol.Availability.RouterState;
import io.garrison.protocol.Drill.Kind;
import io.garrison.protocol.Drill.Role;
import io.garrison.protocol.ReportAnswer;
import io.garrison.protocol.SessionMarks;
import io.garrison.tenancy.Refusal;
import io.garrison.tenancy.TenantId;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** Rehearsed failovers: refused on top of a trouble, given to two instances, and told once. */
@ServerTest
class DrillsIT {

    @Autowired
    Drills drills;

    @Autowired
    DrillHistory history;

    @Autowired
    PolicyManagement policies;

    @Autowired
    AvailableStacks machines;

    private final TenantId alice = anyTenant();
    private AvailableStacks.Made pair;

    @BeforeEach
    void makeAPairThatIsWhole() {
        pair = machines.make(alice, 2);
        as(alice, () -> policies.save(pair.stack(), -1, policy("shop", 80)));
        as(alice, () -> policies.publish(pair.stack(), "first"));
        var first = as(alice, () -> policies.revision(pair.stack(), 1)).summary();
        pair.machines().forEach(machine -> machine.serves(first));
        report(0, "MASTER", null);
        report(1, "BACKUP", null);
    }

    private ReportAnswer report(int at, String state, @Nullable DrillResult result) {
        return report(pair.machines().get(at), state, result);
    }

    private static ReportAnswer report(AvailableStacks.Machine machine, String state, @Nullable DrillResult result) {
        return machine.reports(new Availability(
                0,
                null,
                null,
                List.of(new RouterState("web", state, null)),
                null,
                0,
                null,
                List.of(),
                null,
                List.of(),
                result == null ? List.of() : List.of(result)));
    }

    /** Of the first machine; with a fault without a code the part of the stack is not taken at all. */
    private ReportAnswer reportIncomplete(DrillResult result) {
        return pair.machines()
                .getFirst()
                .reports(new Availability(
                        0,
                        null,
                        null,
                        List.of(new RouterState("web", "BACKUP", null)),
                        null,
                        0,
                        null,
                        List.of(new Availability.Fault(null, "without a code", Instant.now())),
                        null,
                        List.of(),
                        List.of(result)));
    }

    private static DrillWish wish() {
        return new DrillWish("web", Kind.GRACEFUL, null, 10, true, "each quarter");
    }

    private static DrillResult result(UUID drill, String role, long ms) {
        return new DrillResult(drill, role, Instant.now(), ms, ms, 100, 0, 5, null, null);
    }

    /** @param sessions clients that the instance knows the pool members of */
    private static DrillResult having(int sessions, UUID drill, String role) {
        var marks = new SessionMarks(drill);
        for (int i = 0; i < sessions; i++) {
            marks.add("be_shop_web", "::ffff:192.0.2." + i, "srv_1");
        }
        return new DrillResult(drill, role, Instant.now(), 70L, 80L, 100, 0, 99, marks.total(), null, marks.lowest());
    }

    private Refusal refusal(DrillWish wish) {
        try {
            as(alice, () -> drills.rehearse(pair.stack(), wish));
        } catch (HaException refused) {
            return refused;
        }
        throw new AssertionError("was not refused");
    }

    @Test
    void givesEachOfTwoItsPartUntilItHasTold() {
        var drill = as(alice, () -> drills.rehearse(pair.stack(), wish()));
        assertThat(drill.state()).isEqualTo(State.PLANNED);

        var yielding = report(0, "MASTER", null).drill();
        var probing = report(1, "BACKUP", null).drill();
        assertThat(yielding.role()).isEqualTo(Role.YIELD);
        assertThat(probing.role()).isEqualTo(Role.PROBE);
        assertThat(yielding.at()).isEqualTo(probing.at()).isEqualTo(drill.startsAt());
        assertThat(refusal(wish()).code()).isEqualTo("drill.open");

        assertThat(report(0, "BACKUP", result(drill.id(), "YIELDED", 70)).drill())
                .isNull();
        assertThat(report(1, "MASTER", result(drill.id(), "PROBED", 80)).drill())
                .isNull();
        assertThat(report(1, "MASTER", result(drill.id(), "PROBED", 99)).drill())
                .isNull();

        var told = as(alice, () -> drills.of(pair.stack(), null, 10)).getFirst();
        assertThat(told.state()).isEqualTo(State.DONE);
        assertThat(told.yielded().takeoverMs()).isEqualTo(70);
        assertThat(told.probed().longestGapMs()).as("the first word holds").isEqualTo(80);
    }

    @Test
    void tellsHowManySessionsWereKeptOnceBothHaveToldAndShowsNoMarks() {
        var drill = as(alice, () -> drills.rehearse(pair.stack(), wish()));
        report(0, "MASTER", null);
        report(1, "BACKUP", null);
        report(1, "MASTER", having(4, drill.id(), "PROBED"));
        assertThat(newest().probed().sessionsKept())
                .as("nobody knows by itself")
                .isNull();
        assertThat(newest().probed().sessionMarks()).isNull();

        report(0, "BACKUP", having(6, drill.id(), "YIELDED"));
        report(0, "BACKUP", having(3, drill.id(), "YIELDED"));

        assertThat(newest().yielded().sessionsTotal()).isEqualTo(6);
        assertThat(newest().probed().sessionsKept()).isEqualTo(4);
        assertThat(newest().yielded().sessionMarks()).isNull();
        assertThat(newest().probed().sessionMarks()).isNull();
    }

    @Test
    void hasTheOneMeasureThatTakesOver() {
        var three = machines.make(alice, 3, "three");
        var byId = three.machines().stream()
                .sorted(Comparator.comparing(
                        machine -> machine.identity.instanceId().value()))
                .toList();
        as(alice, () -> policies.save(three.stack(), -1, policy("shop", 80)));
        as(alice, () -> policies.publish(three.stack(), "first"));
        var first = as(alice, () -> policies.revision(three.stack(), 1)).summary();
        for (var machine : byId) {
            machine.serves(first);
            report(machine, machine == byId.get(1) ? "MASTER" : "BACKUP", null);
        }

        var drill = as(alice, () -> drills.rehearse(three.stack(), wish()));

        assertThat(drill.yielder()).isEqualTo(byId.get(1).identity.instanceId());
        assertThat(drill.prober())
                .as("the next one by id")
                .isEqualTo(byId.get(2).identity.instanceId());
    }

    @Test
    void saysWhichResultsItHasAndNoneIfItCouldNotKeepThem() {
        var drill = as(alice, () -> drills.rehearse(pair.stack(), wish()));
        report(0, "MASTER", null);
        report(1, "BACKUP", null);
        var result = result(drill.id(), "YIELDED", 70);
        assertThat(report(0, "MASTER", null).drillsTaken()).as("nothing told").isEmpty();

        assertThat(reportIncomplete(result).drillsTaken()).as("not kept").isNull();
        assertThat(as(alice, () -> drills.of(pair.stack(), null, 10)).getFirst().yielded())
                .isNull();

        assertThat(report(0, "BACKUP", result).drillsTaken()).containsExactly(drill.id());
        assertThat(as(alice, () -> drills.of(pair.stack(), null, 10)).getFirst().yielded())
                .isNotNull();
        assertThat(report(0, "BACKUP", result).drillsTaken()).as("told again").containsExactly(drill.id());
        var unknown = UUID.randomUUID();
        assertThat(report(0, "BACKUP", result(unknown, "YIELDED", 1)).drillsTaken())
                .as("of no use")
                .containsExactly(unknown);
    }

    @Test
    void refusesWithoutConsentAndOnTopOfATrouble() {
        assertThat(refusal(new DrillWish("web", Kind.FAULT, null, 301, false, " "))
                        .errors())
                .extracting(Refusal.FieldError::field)
                .containsExactly("/consent", "/holdSeconds", "/reason");
        assertThat(refusal(new DrillWish("other", Kind.FAULT, null, 10, true, "asked"))
                        .code())
                .isEqualTo("drill.not-held");
        report(1, "FAULT", null);
        assertThat(refusal(wish()).code()).isEqualTo("drill.no-backup");
        report(1, "BACKUP", null);
        as(alice, () -> policies.save(pair.stack(), -1, policy("shop", 81)));
        as(alice, () -> policies.publish(pair.stack(), "second"));
        assertThat(refusal(wish()).code()).isEqualTo("drill.not-whole");
        assertThat(as(alice, () -> drills.of(pair.stack(), null, 10))).isEmpty();
    }

    private DrillSummary newest() {
        return as(alice, () -> drills.of(pair.stack(), null, 10)).getFirst();
    }

    private static DrillWish at(Instant at) {
        return new DrillWish("web", Kind.GRACEFUL, at, 10, true, "each quarter");
    }

    @Test
    void tellsOfItOnlyShortlyBeforeAndTakesItBackUntilThen() {
        assertThat(refusal(at(Instant.now().plusSeconds(1))).errors())
                .extracting(Refusal.FieldError::field)
                .containsExactly("/at");
        var far = as(alice, () -> drills.rehearse(pair.stack(), at(Instant.now().plusSeconds(600))));
        assertThat(report(0, "MASTER", null).drill()).as("ten minutes before").isNull();
        assertThat(newest().cancellable()).isTrue();
        Worlds.runAs(alice, () -> drills.cancel(pair.stack(), far.id()));
        assertThat(as(alice, () -> drills.of(pair.stack(), null, 10))).isEmpty();

        var near =
                as(alice, () -> drills.rehearse(pair.stack(), at(Instant.now().plusSeconds(100))));
        assertThat(report(0, "MASTER", null).drill()).isNotNull();
        assertThat(newest().cancellable()).isFalse();
        assertThat(report(1, "FAULT", null).drill())
                .as("the other knows already")
                .isNotNull();
        assertThatExceptionOfType(HaException.DrillRefused.class)
                .isThrownBy(() -> Worlds.runAs(alice, () -> drills.cancel(pair.stack(), near.id())))
                .satisfies(refused -> assertThat(refused.code()).isEqualTo("drill.begun"));
    }

    @Test
    void isNotBegunUnlessTheStackIsWholeThen() {
        as(alice, () -> drills.rehearse(pair.stack(), wish()));
        report(1, "FAULT", null);

        assertThat(report(0, "MASTER", null).drill()).isNull();
        assertThat(report(1, "BACKUP", null).drill()).isNull();
        var told = as(alice, () -> drills.of(pair.stack(), null, 10)).getFirst();
        assertThat(told.state()).isEqualTo(State.FAILED);
        assertThat(told.problem()).contains("not begun");
    }

    @Test
    void tellsReportsWhatBeganInAPeriod() {
        var begun = Instant.now();
        var drill = as(alice, () -> drills.rehearse(pair.stack(), wish()));
        assertThat(between(alice, begun, begun.plusSeconds(600)))
                .as("is to come")
                .isEmpty();
        report(0, "MASTER", null);
        report(1, "BACKUP", null);
        report(0, "BACKUP", result(drill.id(), "YIELDED", 70));
        report(1, "MASTER", result(drill.id(), "PROBED", 80));

        assertThat(between(alice, begun, begun.plusSeconds(600)))
                .singleElement()
                .satisfies(entry -> {
                    assertThat(entry.stack()).isEqualTo("edge");
                    assertThat(entry.drill().state()).isEqualTo(State.DONE);
                    assertThat(entry.drill().yielded().takeoverMs()).isEqualTo(70);
                });
        assertThat(between(alice, begun.minusSeconds(600), begun)).isEmpty();
        assertThat(between(anyTenant(), begun, begun.plusSeconds(600))).isEmpty();
    }

    private List<DrillHistory.Entry> between(TenantId tenant, Instant from, Instant to) {
        return as(tenant, () -> history.between(from, to));
    }

    @Test
    void takesResultsOnlyOfItsOwnParts() {
        var drill = as(alice, () -> drills.rehearse(pair.stack(), wish()));
        var mallory = anyTenant();
        var hers = machines.make(mallory, 1);
        hers.machines()
                .getFirst()
                .reports(new Availability(
                        0,
                        null,
                        null,
                        List.of(),
                        null,
                        0,
                        null,
                        List.of(),
                        null,
                        List.of(),
                        List.of(result(drill.id(), "YIELDED", 1))));

        assertThat(as(alice, () -> drills.of(pair.stack(), null, 10)).getFirst().yielded())
                .isNull();
        assertThatExceptionOfType(InstanceException.NotFound.class)
                .isThrownBy(() -> as(mallory, () -> drills.of(pair.stack(), null, 10)));
        assertThatExceptionOfType(InstanceException.NotFound.class)
                .isThrownBy(() -> as(mallory, () -> drills.rehearse(pair.stack(), wish())));
    }
}
