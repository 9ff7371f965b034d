package io.garrison.edge.ha;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.garrison.edge.ha.keepalived.HaFiles;
import io.garrison.protocol.VirtualRouter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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

    /** keepalived goes on without the agent, and would leave the router to its peers for good. */
    @Test
    void endsItsDrillsWithTheAgent() throws IOException {
        steering.set(Reason.DRAIN, true);
        steering.drill("web", Reason.FAILED);
        steering.drill("api", Reason.YIELDING);
        steering.endDrills();
        assertThat(files.steering("web")).hasContent("0");
        assertThat(files.steering("api")).hasContent("0");
        assertThat(told()).as("the drain goes on").isEqualTo("-100");
    }

    @Test
    void tellsThatItYieldsBeforeKeepalivedHearsIt() {
        var heard = new ArrayList<String>();
        steering.before(() -> heard.add(steering.yields("web") + " " + steering.yields("api") + " " + heard()));
        steering.set(Reason.DRAIN, true);
        steering.set(Reason.LINKS, true);
        steering.set(Reason.LINKS, false);
        steering.set(Reason.DRAIN, false);
        steering.drill("web", Reason.YIELDING);
        assertThat(heard)
                .containsExactly(
                        "true true -", "false false -100", "true true -254", "false false -100", "true false 0");
    }

    @Test
    void endsTheDrillsOfAnEarlierAgent() throws IOException {
        steering.drill("web", Reason.YIELDING);
        var router = new VirtualRouter("web", 51, "eth0", List.of(), 100, true, 3, null, null, null);

        var next = new Steering(files);
        next.adopt(List.of(router));
        assertThat(files.steering("web")).hasContent("0");
        next.drill("web", Reason.FAILED);
        next.prepare(List.of(router));
        assertThat(files.steering("web")).as("a drill of its own").hasContent("-254");
    }

    @Test
    void saysLaterWhatTheDiskDidNotTake() throws IOException {
        steering.set(Reason.LINKS, true);
        Files.delete(files.steering());
        Files.createDirectory(files.steering());
        steering.set(Reason.LINKS, false);
        steering.set(Reason.DRAIN, true);
        assertThatIOException().isThrownBy(() -> steering.prepare(List.of()));
        Files.delete(files.steering());

        steering.tend();
        assertThat(files.steering()).hasContent("-100");
    }

    @Test
    void remembersWhatWaitsForAPerson() throws IOException {
        new Latches(files.latches()).set(Latches.State.NONE.withBypass("flaps").withBandwidth("quiet"));

        assertThat(new Latches(files.latches()).state()).isEqualTo(new Latches.State("flaps", null, "quiet"));
        Files.writeString(files.latches(), "{");
        assertThat(new Latches(files.latches()).state()).isEqualTo(Latches.State.NONE);
    }

    /** "-" as long as keepalived was told nothing. */
    private String heard() {
        try {
            return Files.exists(files.steering()) ? told() : "-";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String told() throws IOException {
        return Files.readString(files.steering()).strip();
    }
}
