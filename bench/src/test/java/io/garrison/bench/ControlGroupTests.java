package io.garrison.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ControlGroupTests {

    private static final Duration SOON = Duration.ofSeconds(30);

    /** A daemon is init's child, and its time nobody's whom this process waits for. */
    @Test
    void countsWhoHasLeftTheTree() throws Exception {
        var entered = ControlGroup.enter();
        assumeTrue(entered.isPresent(), "this machine lets nobody here make control groups of version 2");
        try (var group = entered.get()) {
            double before = group.cpuSeconds();
            double tree = ProcessFigures.treeCpuSeconds(ProcessHandle.current().pid());
            // Ends by itself after some seconds of processor time.
            var starts =
                    new ProcessBuilder("sh", "-c", "(ulimit -t 2; while :; do :; done) >/dev/null 2>&1 & ").start();
            assertThat(starts.waitFor()).isZero();
            awaitUsage(
                    group,
                    before
                            + ProcessFigures.treeCpuSeconds(
                                    ProcessHandle.current().pid())
                            - tree
                            + 1.5);
            double treeSpent =
                    ProcessFigures.treeCpuSeconds(ProcessHandle.current().pid()) - tree;
            assertThat(group.cpuSeconds() - before)
                    .as("more than the tree by the daemon's")
                    .isGreaterThan(treeSpent + 1);
        }
    }

    private static void awaitUsage(ControlGroup group, double seconds) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + SOON.toNanos();
        while (group.cpuSeconds() < seconds) {
            assertThat(System.nanoTime()).as("usage of %s s", seconds).isLessThan(deadline);
            Thread.sleep(20);
        }
    }
}
