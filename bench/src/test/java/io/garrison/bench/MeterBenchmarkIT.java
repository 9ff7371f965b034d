package io.garrison.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;

/** The benchmark of the meter, small: what matters here is that a wrong total does not get a figure. */
class MeterBenchmarkIT {

    @Test
    void eachArmIsHeldAgainstTheTruth() throws Exception {
        try (var servers = new MeterServers();
                var context = MeterPipeline.on(servers)) {
            var workload = new MeterWorkload(40, 12);
            var arms = MeterBenchmark.arms(servers, context, workload);
            for (var arm : arms.values()) {
                arm.prepare();
                arm.run();
                arm.check();
            }

            servers.asOwner(
                    "update reporting.meter_bucket set bytes_in = bytes_in + 1 where ctid = (select max(ctid) from reporting.meter_bucket)",
                    "delete from public.bench_copy where ctid = (select max(ctid) from public.bench_copy)");

            for (var broken : new String[] {"collector", "copy"}) {
                assertThatExceptionOfType(MeterArm.WrongTotal.class)
                        .as(broken)
                        .isThrownBy(() -> arms.get(broken).check());
            }
        }
    }

    @Test
    void theWorkloadIsAlwaysTheSame() {
        var first = new MeterWorkload(20, 12);
        var second = new MeterWorkload(20, 12);
        first.generate((key, value) -> {});
        second.generate((key, value) -> {});

        assertThat(first.hash()).isEqualTo(second.hash());
        assertThat(first.truth()).isEqualTo(second.truth());
        assertThat(first.truth().intervals()).isEqualTo(240);
        assertThat(first.records())
                .as("with repetitions")
                .isGreaterThan(first.truth().contiguous());
    }
}
