package io.garrison.edge.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.garrison.edge.doctor.Finding.Outcome;
import io.garrison.edge.testing.MovedClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** DI-T21: memory that comes to its end, or grows without one. */
class MemoryProbeTests {

    private static final long MIB = 1 << 20;

    @TempDir
    Path temp;

    @Test
    void tellsAHeapThatIsNearlyUsedUp() throws Exception {
        assertThat(look(new Memory(20 * MIB, 24 * MIB, List.of()))).containsExactly(Outcome.GOOD);
        assertThat(look(new Memory(22 * MIB, 24 * MIB, List.of()))).containsExactly(Outcome.BAD);
        assertThat(look(null)).isEmpty();
    }

    @Test
    void tellsAHeapThatGrowsHourByHourFromOneThatSettles() throws Exception {
        var clock = new MovedClock();
        var live = new AtomicLong(4 * MIB);
        var leaking = new MemoryWatch(clock, live::get, 24 * MIB);
        var settled = new MemoryWatch(clock, () -> Math.min(live.get(), 9 * MIB), 24 * MIB);
        for (int hour = 0; hour < 12; hour++) {
            assertThat(look(leaking.memory())).as("hour " + hour).containsExactly(Outcome.GOOD);
            leaking.look();
            settled.look();
            // What a busy moment leaves does not count.
            live.addAndGet(10 * MIB);
            clock.move(Duration.ofMinutes(61));
            live.addAndGet(-10 * MIB);
            leaking.look();
            settled.look();
            live.addAndGet(MIB);
        }
        assertThat(look(leaking.memory())).containsExactly(Outcome.BAD);
        assertThat(look(settled.memory())).containsExactly(Outcome.GOOD);
    }

    @Test
    void remembersADay() {
        var clock = new MovedClock();
        var watch = new MemoryWatch(clock, () -> MIB, 24 * MIB);
        for (int hour = 0; hour < 100; hour++) {
            clock.move(Duration.ofMinutes(61));
            watch.look();
        }
        assertThat(watch.memory().hourlyBytes()).hasSize(24);
    }

    @Test
    void countsWhatTheControlGroupCantGiveBack() throws Exception {
        group("1000", "950", "inactive_file 100\n");
        assertThat(look(null)).containsExactly(Outcome.GOOD);
        group("1000", "950", "inactive_file 10\nactive_file 900\n");
        assertThat(look(null)).containsExactly(Outcome.BAD);
        group("max", "950", "inactive_file 10\n");
        assertThat(look(null)).isEmpty();
    }

    @Test
    void readsTheHeapOfThisProcess() {
        var memory = new MemoryWatch(new MovedClock()).memory();
        System.gc();
        assertThat(memory.mostBytes()).isEqualTo(Runtime.getRuntime().maxMemory());
        assertThat(new MemoryWatch(new MovedClock()).memory().liveBytes()).isBetween(1L, memory.mostBytes());
    }

    private void group(String most, String current, String stat) throws IOException {
        Files.createDirectories(temp.resolve("7"));
        Files.writeString(temp.resolve("7/cgroup"), "0::/system.slice/edge.service\n");
        var group = Files.createDirectories(temp.resolve("system.slice/edge.service"));
        Files.writeString(group.resolve("memory.max"), most + "\n");
        Files.writeString(group.resolve("memory.current"), current + "\n");
        Files.writeString(group.resolve("memory.stat"), stat);
    }

    private List<Outcome> look(@Nullable Memory memory) {
        return new MemoryProbe(new Running(7, null, List.of(), List.of(), memory), temp, temp)
                .look().stream().map(Finding::outcome).toList();
    }
}
