package io.garrison.tenancy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.garrison.tenancy.ModeAdvisor.Judged;
import io.garrison.tenancy.ModeAdvisor.ModeAdvice;
import io.garrison.tenancy.ModeAdvisor.Situation;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** (MS-01, MS-05, MS-06, MS-09 … MS-11, MS-16, MS-17) */
class ModeAdvisorTests {

    private static final int PLENTY = 16_384;

    private final ModeFootprints footprints = new ModeFootprints();
    private final ModeAdvisorService advisor = new ModeAdvisorService(footprints);

    @ParameterizedTest
    @CsvSource({
        // instances, own, stays, reachable, kubernetes, MiB on instance, MiB on machine, others, recommended
        "2, false, false, true, false, 0, 0, 10, CLUSTER",
        "2, false, false, true, true, 0, 0, 10, CLUSTER",
        "2, false, false, true, true, 0, 0, 5000, PRIVATE_CLOUD",
        "2, false, false, true, false, 0, 0, 5000, CLUSTER",
        "1, true, false, true, true, 16384, 16384, 10, STANDALONE",
        "2, true, false, true, true, 16384, 16384, 10, CENTRALIZED",
        "2, true, false, true, true, 16384, 0, 10, STANDALONE",
        "3, true, false, true, true, 16384, 16384, 10, CENTRALIZED",
        "3, true, false, true, false, 16384, 0, 10, CLUSTER",
        "2, false, true, true, true, 16384, 0, 10, STANDALONE",
        "4, false, true, true, true, 0, 16384, 10, CENTRALIZED",
        "1, false, false, false, true, 0, 16384, 10, CENTRALIZED",
    })
    void recommends(
            int instances,
            boolean own,
            boolean stays,
            boolean reachable,
            boolean kubernetes,
            int onInstance,
            int onMachine,
            int others,
            DeploymentMode expected) {
        var advice = advisor.advise(
                new Situation(instances, own, stays, reachable, kubernetes, onInstance, onMachine, others));

        assertThat(advice.recommended()).isEqualTo(expected);
        assertThat(advice.modes()).extracting(Judged::mode).containsExactlyInAnyOrder(DeploymentMode.values());
        assertThat(advice.modes().getFirst().reasons()).isNotEmpty();
    }

    @Test
    void saysWhatIsMissingWhereNoModeIsPossible() {
        var advice = advisor.advise(new Situation(3, false, true, false, false, 0, 0, 0));

        assertThat(advice.recommended()).isNull();
        assertThat(codes(advice, DeploymentMode.STANDALONE))
                .contains("mode.too-many-managements", "mode.instance-too-small");
        assertThat(codes(advice, DeploymentMode.CENTRALIZED)).contains("mode.no-machine");
        assertThat(codes(advice, DeploymentMode.CLUSTER)).contains("mode.data-leave", "mode.provider-unreachable");
        assertThat(codes(advice, DeploymentMode.PRIVATE_CLOUD)).contains("mode.no-orchestrator");
    }

    /** The memory that decides is the measured one: a mebibyte less, and the mode is not possible. */
    @Test
    void goesByTheMeasuredMemory() {
        int needed = (int) Math.ceil(footprints.of(DeploymentMode.STANDALONE).managementMebibytes());

        assertThat(judged(new Situation(1, true, false, true, false, needed, 0, 0), DeploymentMode.STANDALONE)
                        .possible())
                .isTrue();
        assertThat(judged(new Situation(1, true, false, true, false, needed - 1, 0, 0), DeploymentMode.STANDALONE)
                        .possible())
                .isFalse();
        int machine = (int) Math.ceil(footprints.of(DeploymentMode.CENTRALIZED).managementMebibytes());
        assertThat(judged(new Situation(2, true, false, true, false, 0, machine, 0), DeploymentMode.CENTRALIZED)
                        .possible())
                .isTrue();
        assertThat(judged(new Situation(2, true, false, true, false, 0, machine - 1, 0), DeploymentMode.CENTRALIZED)
                        .possible())
                .isFalse();
    }

    @Test
    void countsWhatTheCustomerHasToAdd() {
        var two = new Situation(2, true, false, true, true, PLENTY, PLENTY, 0);

        var standalone = judged(two, DeploymentMode.STANDALONE).cost();
        var centralized = judged(two, DeploymentMode.CENTRALIZED).cost();
        var cluster = judged(two, DeploymentMode.CLUSTER).cost();
        assertThat(standalone.customerMebibytes())
                .isEqualTo(
                        2 * Math.round(footprints.of(DeploymentMode.STANDALONE).managementMebibytes()));
        assertThat(standalone.managementMachines()).isZero();
        assertThat(centralized.managementMachines()).isEqualTo(1);
        assertThat(cluster.customerMebibytes()).isZero();
        assertThat(cluster.providerMebibytes()).isPositive();
    }

    @Test
    void hasMeasuredEachMode() {
        assertThat(footprints.parts())
                .allSatisfy((mode, parts) -> assertThat(parts)
                        .as("%s", mode)
                        .containsExactlyInAnyOrderElementsOf(
                                Set.of("agent", "haproxy", "kafka", "management", "opensearch", "postgresql")));
        assertThat(footprints.at()).matches("20\\d\\d-.*Z");
    }

    @Test
    void refusesNumbersThatCannotBe() {
        assertThatExceptionOfType(TenancyException.Invalid.class)
                .isThrownBy(() -> advisor.advise(new Situation(0, false, false, true, false, -1, -1, -1)))
                .satisfies(refused -> assertThat(refused.errors()).hasSize(4));
    }

    private Judged judged(Situation of, DeploymentMode mode) {
        return advisor.advise(of).modes().stream()
                .filter(one -> one.mode() == mode)
                .findFirst()
                .orElseThrow();
    }

    private static java.util.List<String> codes(ModeAdvice advice, DeploymentMode mode) {
        return advice.modes().stream()
                .filter(one -> one.mode() == mode)
                .flatMap(one -> one.reasons().stream())
                .map(ModeAdvisor.Reason::code)
                .toList();
    }
}
