package io.garrison.edge.ha;

import static org.assertj.core.api.Assertions.assertThat;

import io.garrison.edge.events.EventJournal;
import io.garrison.edge.ha.bypass.BypassPort;
import io.garrison.edge.ha.keepalived.HaFiles;
import io.garrison.edge.haproxy.HaproxySockets;
import io.garrison.edge.testing.MovedClock;
import io.garrison.protocol.Availability.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** HA-07: the bypass over failures, restarts and changes of the plan. */
class PassingTests {

    @TempDir
    Path directory;

    private final MovedClock clock = new MovedClock();
    private final Port port = new Port();
    private HaFiles files;
    private Watched watched;

    @BeforeEach
    void files() throws IOException {
        files = new HaFiles(directory);
        files.create();
    }

    @Test
    void remembersBeforeItEngagesAndForgetsWhatFailed() throws IOException {
        var passing = passing();
        port.latches = files.latches();
        assertThat(passing.enter("too many changes")).isTrue();
        assertThat(port.latched).as("on the disk first").contains("too many changes");
        passing.leave("over");

        port.fails = true;
        assertThat(passing.enter("too many changes")).isFalse();
        assertThat(passing.isOn()).isFalse();
        assertThat(faults()).containsExactly("bypass-failed");
        assertThat(passing().isOn()).as("nor after a restart").isFalse();
    }

    @Test
    void endsOnceWhatAnAgentBeforeItLeftBehind() throws IOException {
        var passing = passing();
        passing.start();
        passing.start();
        passing.rest("no plan");
        assertThat(port.said).containsExactly("release");
        assertThat(passing.leave("by hand")).as("there was none").isFalse();
        assertThat(port.said).as("a card may have begun by itself").containsExactly("release", "release");
    }

    @Test
    void leavesOnlyWhatAPlanEntered() throws IOException {
        assertThat(passing().enter(Passing.BY_HAND)).isTrue();
        var restarted = passing();
        restarted.rest("the plan moves no addresses");
        restarted.tend();
        assertThat(restarted.isOn()).isTrue();
        assertThat(port.said).containsExactly("engage", "heartbeat");
        assertThat(faults()).contains("bypass-active");
        restarted.leave("by hand");

        restarted.enter("too many changes");
        restarted.rest("the plan moves no addresses");
        assertThat(restarted.isOn()).isFalse();
    }

    @Test
    void tellsAsLongAsItDoesNotFollow() throws IOException {
        var passing = passing();
        passing.enter(Passing.BY_HAND);
        port.state = BypassPort.State.OFF;
        port.fails = true;
        passing.tend();
        assertThat(faults()).contains("bypass-failed");
        port.fails = false;
        passing.tend();
        assertThat(faults()).containsExactly("bypass-active");
    }

    /** Who is passed on by HAProxy is lost when it ends, so a peer should have the addresses then. */
    @Test
    void leavesTheAddressesWithoutHaproxyIfItPassesThem() throws IOException {
        for (boolean needed : new boolean[] {false, true}) {
            port.needsHaproxy = needed;
            var passing = passing();
            watched.steering().set(Reason.HAPROXY_DEAD, true);
            passing.enter(Passing.BY_HAND);

            assertThat(passing.isWithoutHaproxy()).isEqualTo(!needed);
            assertThat(Files.readString(files.steering())).isEqualTo(needed ? "-254\n" : "0\n");
            passing.leave("over");
        }
    }

    @Test
    void movesLatchesAsideThatCantBeRead() throws IOException {
        Files.writeString(files.latches(), "{\"bypass\":");
        var passing = passing();
        passing.start();
        assertThat(passing.isOn()).isFalse();
        assertThat(faults()).containsExactly("latches-damaged");
        assertThat(files.latches()).doesNotExist();
        assertThat(files.latches().resolveSibling(files.latches().getFileName() + ".damaged"))
                .exists();
    }

    private List<String> faults() {
        return watched.faults().told().stream().map(Fault::code).toList();
    }

    /** Of an agent that has just started. */
    private Passing passing() {
        watched = new Watched(new Roles(clock), new Steering(files), new Faults(clock));
        var parts = new HaParts(
                directory,
                HaproxySockets.of(directory),
                port,
                List::of,
                (addresses, each) -> false,
                () -> 0,
                () -> null,
                () -> false,
                Duration.ofSeconds(15),
                () -> 0,
                new EventJournal(clock, () -> {}),
                () -> {},
                () -> {},
                clock);
        return new Passing(watched, new Latches(files.latches()), parts);
    }

    private static final class Port implements BypassPort {
        private final List<String> said = new ArrayList<>();
        private State state = State.OFF;
        private boolean fails;
        private boolean needsHaproxy;
        private @Nullable Path latches;
        private String latched = "";

        @Override
        public Capabilities capabilities() {
            return new Capabilities("test", true, true, true, needsHaproxy);
        }

        @Override
        public Engaged engage(List<Passage> passages) throws IOException {
            said.add("engage");
            latched = latches == null ? "" : Files.readString(latches);
            if (fails) {
                throw new IOException("no card");
            }
            state = State.ENGAGED;
            return new Engaged(List.of(), List.of());
        }

        @Override
        public void release() {
            said.add("release");
            state = State.OFF;
        }

        @Override
        public State state() {
            return state;
        }

        @Override
        public void heartbeat() {
            said.add("heartbeat");
        }
    }
}
