package io.garrison.edge.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.garrison.protocol.Report.MachineLoad;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** DI-05: processors, memory and network of a node. */
class MachineWatchTests {

    @TempDir
    Path temp;

    private final AtomicLong nanos = new AtomicLong();
    private MachineWatch watch;

    @BeforeEach
    void kernel() throws IOException {
        Files.createDirectories(temp.resolve("proc/net"));
        Files.createDirectories(temp.resolve("sys/eth0/device"));
        Files.createDirectories(temp.resolve("sys/br0"));
        Files.writeString(temp.resolve("proc/meminfo"), """
                MemTotal:        4000000 kB
                MemFree:          100000 kB
                MemAvailable:    3000000 kB
                """);
        counts("100 0 50 800 50 0 0 0 30 0", 1_000, 2_000);
        watch = new MachineWatch(temp.resolve("proc"), temp.resolve("sys"), nanos::get);
    }

    @Test
    void tellsWhatHappenedSinceTheLookBefore() throws IOException {
        assertThat(watch.look()).as("nothing to compare with").isNull();

        nanos.set(10_000_000_000L);
        // 10 user, of which 8 for guests; 5 system, 5 soft interrupts; 70 idle, 10 waiting for the disk.
        counts("110 0 55 870 60 0 5 0 38 0", 26_000, 127_000);

        assertThat(watch.look()).isEqualTo(new MachineLoad(20.0, 1_000_000L << 10, 4_000_000L << 10, 20_000, 100_000));
    }

    @Test
    void tellsTheSameAgainToReportsThatFollowAtOnce() throws IOException {
        watch.look();
        nanos.set(10_000_000_000L);
        counts("110 0 55 870 60 0 5 0 30 0", 26_000, 127_000);
        var load = watch.look();

        nanos.addAndGet(100_000_000L);
        counts("210 0 55 870 60 0 5 0 30 0", 99_000, 127_000);

        assertThat(watch.look()).isSameAs(load);
    }

    @Test
    void countsWhateverThereIsWithoutACardAndNothingBackwards() throws IOException {
        Files.delete(temp.resolve("sys/eth0/device"));
        watch.look();
        nanos.set(1_000_000_000L);
        counts("100 0 50 800 50 0 0 0 30 0", 900, 2_100);

        var load = watch.look();

        assertThat(load.sentBps()).as("of the bridge as well").isEqualTo(1_600);
        assertThat(load.receivedBps()).isZero();
        assertThat(load.cpuPercent()).as("no time has passed").isZero();
    }

    @Test
    void saysNothingWhereTheKernelDoesNot() throws IOException {
        watch.look();
        nanos.set(1_000_000_000L);
        Files.delete(temp.resolve("proc/net/dev"));
        assertThat(watch.look()).isNull();

        assertThat(MachineWatch.ofThisMachine().look()).as("this one's first").isNull();
    }

    private void counts(String times, long received, long sent) throws IOException {
        Files.writeString(temp.resolve("proc/stat"), "cpu  " + times + "\ncpu0 1 2 3 4 5 6 7 8 9 10\n");
        Files.writeString(temp.resolve("proc/net/dev"), """
                Inter-|   Receive                                                |  Transmit
                 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls
                    lo: 77777777 1 0 0 0 0 0 0 88888888 1 0 0 0 0 0 0
                  eth0: %1$d 10 0 0 0 0 0 0 %2$d 20 0 0 0 0 0 0
                   br0:%1$d 10 0 0 0 0 0 0 %2$d 20 0 0 0 0 0 0
                """.formatted(received, sent));
    }
}
