package io.garrison.edge.ha;

import static org.assertj.core.api.Assertions.assertThat;

import io.garrison.edge.ha.keepalived.Notice;
import io.garrison.edge.testing.HaValues;
import io.garrison.protocol.HaSettings.FlapAction;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** HA-07 to HA-09: with another value, the same traffic and the same flaps lead keepalived to something else. */
class JudgingTests {

    /** 16 kbit/s. */
    private static final long BUSY = 2_000;

    @TempDir
    Path directory;

    @Test
    void handsOverBelowTheMinimumThatIsSet() throws IOException {
        var values = watchful();
        values.minimumBandwidthBps = 8_000;
        assertThat(weightAfter(values, 500, 10)).as("4 kbit/s").isEqualTo(Reason.YIELDING);
        values.minimumBandwidthBps = 3_000;
        assertThat(weightAfter(values, 500, 10))
                .as("the same with a lower minimum")
                .isZero();
        values.minimumBandwidthBps = 32_000;
        assertThat(weightAfter(values, 500, 10)).as("never had enough").isZero();
    }

    @Test
    void handsOverAfterTheIntervalThatIsSet() throws IOException {
        var values = watchful();
        values.bandwidthIntervalSeconds = 5;
        assertThat(weightAfter(values, 0, 2)).isZero();
        assertThat(weightAfter(values, 0, 10)).isEqualTo(Reason.YIELDING);
        values.bandwidthIntervalSeconds = 30;
        assertThat(weightAfter(values, 0, 10)).isZero();
        assertThat(weightAfter(values, 0, 40)).isEqualTo(Reason.YIELDING);
    }

    @Test
    void handsOverOnlyIfItIsSwitchedOn() throws IOException {
        var values = watchful();
        values.bandwidthMonitoring = false;
        assertThat(weightAfter(values, 0, 100)).isZero();
    }

    private static HaValues watchful() {
        var values = new HaValues();
        values.bandwidthMonitoring = true;
        values.minimumBandwidthBps = 8_000;
        values.bandwidthIntervalSeconds = 5;
        return values;
    }

    private int weightAfter(HaValues values, long bytesPerSecond, int seconds) throws IOException {
        try (var instance = instance(values)) {
            instance.seconds(60, BUSY);
            assertThat(instance.weight()).as("enough arrives").isZero();
            instance.seconds(seconds, bytesPerSecond);
            assertThat(instance.faults().contains("bandwidth-low")).isEqualTo(instance.weight() != 0);
            return instance.weight();
        }
    }

    @Test
    void countsFlapsWithinTheWindowThatIsSet() throws IOException {
        var values = new HaValues();
        values.maximumFlaps = 2;
        values.flapAction = FlapAction.HOLD;
        values.flapWindowSeconds = 60;
        assertThat(weightAfterFlaps(values, 4, 20)).as("three within 60 s").isEqualTo(Reason.YIELDING);
        values.flapWindowSeconds = 30;
        assertThat(weightAfterFlaps(values, 4, 20))
                .as("never more than two within 30 s")
                .isZero();
    }

    /** A flap is leaving the active state; the way back to it is none, and neither is ending to stand in for a peer. */
    @Test
    void countsOnceWhoeverLeavesAndNotWhoStandsIn() throws IOException {
        try (var preferred = instance(new HaValues());
                var peer = new JudgedInstance(directory.resolve("peer"), new HaValues(), 100)) {
            for (int i = 0; i < 3; i++) {
                preferred.flap();
                peer.becomes(Notice.Kind.BACKUP);
                peer.becomes(Notice.Kind.MASTER);
            }
            assertThat(preferred.flapping.count()).isEqualTo(3);
            assertThat(peer.flapping.count()).isZero();
        }
    }

    private int weightAfterFlaps(HaValues values, int flaps, int apartSeconds) throws IOException {
        try (var instance = instance(values)) {
            for (int i = 0; i < flaps; i++) {
                instance.flap();
                instance.seconds(apartSeconds, 0);
            }
            assertThat(instance.faults().contains("hold-active")).isEqualTo(instance.weight() != 0);
            return instance.weight();
        }
    }

    /** One advert is usual when an address moves, so as many as there are routers are when all of them move. */
    @Test
    void countsOtherHoldersByRouter() throws IOException {
        try (var instance = instance(new HaValues())) {
            for (var router : List.of("web", "api", "mail", "web", "api")) {
                instance.hearsOfAnotherHolder(router);
            }
            assertThat(instance.faults()).isEmpty();
            instance.hearsOfAnotherHolder("web");
            assertThat(instance.faults()).containsExactly("two-masters");
        }
    }

    /** What is counted comes once a second too, and may be late by one look. */
    @Test
    void staysWhenOneReadingIsLate() throws IOException {
        var values = watchful();
        values.bandwidthIntervalSeconds = 1;
        try (var instance = instance(values)) {
            instance.seconds(60, BUSY);
            instance.seconds(1, 0);
            assertThat(instance.weight()).isZero();
            instance.seconds(1, 2 * BUSY);
            assertThat(instance.weight()).isZero();
            instance.seconds(2, 0);
            assertThat(instance.weight()).isEqualTo(Reason.YIELDING);
        }
    }

    @Test
    void tellsThatManagementIsSilentAndKeepsTheAddresses() throws IOException {
        try (var instance = instance(new HaValues())) {
            instance.health.lookAtManagement(true);
            assertThat(instance.faults()).as("it has just begun").isEmpty();
            instance.clock.move(JudgedInstance.SILENCE.plusSeconds(1));
            instance.health.lookAtManagement(true);
            assertThat(instance.faults()).as("never heard of").containsExactly("management-unreachable");

            instance.contact = instance.clock.instant();
            instance.health.lookAtManagement(true);
            assertThat(instance.faults()).isEmpty();
            instance.clock.move(JudgedInstance.SILENCE.minus(Duration.ofSeconds(2)));
            instance.health.lookAtManagement(true);
            assertThat(instance.faults()).as("not for long enough").isEmpty();
            instance.clock.move(Duration.ofSeconds(3));
            instance.health.lookAtManagement(true);
            assertThat(instance.faults()).containsExactly("management-unreachable");
            assertThat(instance.weight()).as("the addresses stay").isZero();
        }
    }

    private JudgedInstance instance(HaValues values) throws IOException {
        return new JudgedInstance(directory.resolve(UUID.randomUUID().toString()), values);
    }
}
