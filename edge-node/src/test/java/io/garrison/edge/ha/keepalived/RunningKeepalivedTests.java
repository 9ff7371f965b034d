package io.garrison.edge.ha.keepalived;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.garrison.protocol.HaSettings;
import io.garrison.protocol.HaSettings.FlapAction;
import io.garrison.protocol.HaSettings.HaMode;
import io.garrison.protocol.InstancePlan;
import io.garrison.protocol.VirtualRouter;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** HA-04, HA-07: what an agent finds of keepalived when an earlier one ended at a bad moment. */
class RunningKeepalivedTests {

    @TempDir
    Path directory;

    private HaFiles files;
    private RunningKeepalived keepalived;

    @BeforeEach
    void prepared() {
        files = new HaFiles(directory);
        keepalived = new RunningKeepalived(files, () -> {});
    }

    @Test
    void remembersThatAFileWasNotReadUntilItWas() throws Exception {
        var process = stranger();
        assertThat(keepalived.adopt()).isTrue();
        assertThat(keepalived.isReloadPending()).isFalse();

        keepalived.install("one");
        var next = new RunningKeepalived(files, () -> {});
        assertThat(next.adopt()).isTrue();
        assertThat(next.isReloadPending())
                .as("an agent ended before it told keepalived")
                .isTrue();
        next.reload();
        assertThat(process.inputReader().readLine()).isEqualTo("read again");
        assertThat(next.isReloadPending()).isFalse();

        next.install("two");
        process.destroyForcibly().waitFor();
        assertThatIOException().isThrownBy(next::reload).withMessageContaining("did not take the signal");
        assertThat(next.isReloadPending()).isTrue();
        next.stop();
        assertThat(next.isReloadPending()).isFalse();
    }

    @Test
    void dropsWhatWasToldWhileNoAgentRan() throws Exception {
        var plan = plan();
        var heard = new LinkedBlockingQueue<Notice>();
        try (var first = new Notifications(files, () -> plan, heard::add)) {
            tell("MASTER");
            assertThat(heard.poll(5, TimeUnit.SECONDS)).isEqualTo(new Notice("web", Notice.Kind.MASTER));
        }
        try (var pipe = new RandomAccessFile(files.notifications().toFile(), "rw")) {
            tell("BACKUP");
            tell("MASTER");
            tell("BACKUP");
            try (var second = new Notifications(files, () -> plan, heard::add)) {
                tell("FAULT");
                assertThat(heard.poll(5, TimeUnit.SECONDS)).isEqualTo(new Notice("web", Notice.Kind.FAULT));
                assertThat(heard).isEmpty();
            }
        }
    }

    private void tell(String kind) throws IOException {
        Files.writeString(
                files.notifications(),
                "INSTANCE \"" + Words.router("web").word() + "\" " + kind + " 100\n",
                java.nio.file.StandardOpenOption.WRITE);
    }

    /** A process that its pid file and its arguments take for keepalived. */
    private Process stranger() throws IOException {
        var script = Files.writeString(
                directory.resolve("keepalived"),
                "trap 'echo read again' HUP; echo; while read -t 60 x || [ $? -gt 128 ]; do :; done");
        var process = new ProcessBuilder(
                        "/bin/bash", script.toString(), "-f", files.config().toString(), "-")
                .start();
        assertThat(process.inputReader().readLine()).isEmpty();
        Files.writeString(files.pid(), process.pid() + "\n");
        return process;
    }

    private static InstancePlan plan() {
        var ha = new HaSettings(
                HaMode.ACTIVE_PASSIVE,
                false,
                null,
                200,
                3,
                3,
                null,
                null,
                FlapAction.ALARM,
                null,
                null,
                null,
                null,
                null);
        var id = new UUID(0, 1);
        var router = new VirtualRouter("web", 51, "eth0", List.of(), 100, true, 3, null, null, null);
        return new InstancePlan(1, 1, id, id, id, Instant.EPOCH, ha, List.of(router), List.of(), List.of());
    }
}
