package io.garrison.reporting.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.garrison.PipelineApplication;
import io.garrison.instances.TelemetryIntake;
import io.garrison.instances.TelemetryIntake.IntakeUnavailable;
import io.garrison.reporting.LogSearch;
import io.garrison.reporting.LogSearch.LogQuery;
import io.garrison.reporting.LogSearch.SearchUnavailable;
import io.garrison.tenancy.CurrentTenant;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.SmartLifecycle;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** Kafka and OpenSearch are down when the application starts (F18). */
@SpringBootTest(classes = PipelineApplication.class)
class AbsentServicesIT {

    @DynamicPropertySource
    static void nobodyListens(DynamicPropertyRegistry registry) throws IOException {
        try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var port = free.getLocalPort();
            registry.add("garrison.kafka.bootstrap", () -> "127.0.0.1:" + port);
            registry.add("garrison.opensearch.url", () -> "http://127.0.0.1:" + port);
        }
    }

    @Autowired
    Map<String, HealthIndicator> health;

    @Autowired
    @Qualifier("telemetry")
    SmartLifecycle telemetry;

    @Autowired
    TelemetryIntake intake;

    @Autowired
    LogSearch logs;

    @Test
    void startsAndSaysThatItIsNotReady() {
        assertThat(health.get("telemetry").health().getStatus()).isEqualTo(Status.DOWN);
        assertThat(health.get("search").health().getStatus()).isEqualTo(Status.DOWN);
    }

    @Test
    void stopsWithoutWaitingForThem() {
        var before = System.nanoTime();

        telemetry.stop();

        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(8));
        assertThat(telemetry.isRunning()).isFalse();
        telemetry.start();
    }

    @Test
    void takesNothingItCannotKeep() {
        var edge = Edge.any();

        assertThatExceptionOfType(IntakeUnavailable.class)
                .isThrownBy(() -> CurrentTenant.runAs(
                        edge.tenant(),
                        () -> intake.accept(
                                edge.identity(), edge.subLicense(), Edge.meters(edge.meter(1, Instant.now(), 1)))));
        assertThatExceptionOfType(SearchUnavailable.class)
                .isThrownBy(() -> CurrentTenant.callAs(
                        edge.tenant(), () -> logs.search(new LogQuery("", Instant.EPOCH, Instant.now(), 10, null))));
    }
}
