package io.garrison.edge.ha;

import static org.assertj.core.api.Assertions.assertThat;

import io.garrison.edge.ha.keepalived.HaFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** HA-07, HA-08, HA-11: what keepalived is told, and what outlives an agent. */
class SteeringTests {

    @TempDir
    Path directory;

    private HaFiles files;
    private Steering steering;

    @BeforeEach
    void prepared() {
        files = new HaFiles(directory);
        steering = new Steering(files);
    }

    @Test
    void saysTheWorstReason() throws IOException {
        steering.set(Reason.DRAIN, true);
        assertThat(told()).isEqualTo("-100");
        steering.set(Reason.LINKS, true);
        assertThat(told()).isEqualTo("-254");
        steering.set(Reason.LINKS, false);
        assertThat(told()).isEqualTo("-100");
        steering.set(Reason.DRAIN, false);
        assertThat(told()).isEqualTo("0");
    }

    @Test
    void keepsTheAddressesInABypassUnlessNothingCouldPass() throws IOException {
        steering.set(Reason.HAPROXY_DEAD, true);
        steering.bypass(true);
        assertThat(told()).isEqualTo("0");
        steering.set(Reason.LINKS, true);
        assertThat(told()).isEqualTo("-254");
        steering.set(Reason.LINKS, false);
        steering.bypass(false);
        assertThat(told()).isEqualTo("-254");
    }

    @Test
    void drillsOneRouterAlone() throws IOException {
        steering.set(Reason.DRAIN, false);
        steering.drill("web", Reason.YIELDING);
        assertThat(told()).isEqualTo("0");
        assertThat(Files.readString(files.steering("web")).strip()).isEqualTo("-100");
        assertThat(steering.isPlanned()).isTrue();
        steering.drill("web", 0);
        assertThat(Files.readString(files.steering("web")).strip()).isEqualTo("0");
        assertThat(steering.isPlanned()).isFalse();
    }

    @Test
    void remembersWhatWaitsForAPerson() throws IOException {
        new Latches(files.latches()).set(Latches.State.NONE.withBypass("flaps").withBandwidth("quiet"));

        assertThat(new Latches(files.latches()).state()).isEqualTo(new Latches.State("flaps", null, "quiet"));
        Files.writeString(files.latches(), "{");
        assertThat(new Latches(files.latches()).state()).isEqualTo(Latches.State.NONE);
    }

    private String told() throws IOException {
        return Files.readString(files.steering()).strip();
    }
}
