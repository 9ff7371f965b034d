package io.garrison.edge.ha.bypass;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.garrison.edge.ha.bypass.BypassPort.Passage;
import io.garrison.edge.ha.bypass.BypassPort.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** HA-07: a bypass card by its vendor's tool. */
class ExecBypassTests {

    @TempDir
    Path directory;

    @Test
    void tellsTheToolWhatToDoAndKeepsItsWatchdogQuiet() throws IOException {
        var bypass = new ExecBypass(tool("echo \"$@\" >> " + directory.resolve("said")));
        var shop = List.of(new Passage("shop", "192.0.2.1", 80, List.of()));

        bypass.heartbeat();
        assertThat(bypass.engage(shop).passed()).containsExactly("shop");
        bypass.engage(shop);
        assertThat(bypass.state()).isEqualTo(State.ENGAGED);
        bypass.heartbeat();
        bypass.release();
        assertThat(bypass.state()).isEqualTo(State.OFF);

        assertThat(Files.readAllLines(directory.resolve("said")))
                .containsExactly("heartbeat", "engage", "heartbeat", "release");
        assertThat(bypass.capabilities().counted()).isFalse();
    }

    @Test
    void isNotEngagedWhenTheToolFails() throws IOException {
        var bypass = new ExecBypass(tool("echo no card in slot 2; exit 3"));

        assertThatIOException().isThrownBy(() -> bypass.engage(List.of())).withMessageContaining("no card in slot 2");
        assertThat(bypass.state()).isEqualTo(State.OFF);
    }

    @Test
    void refusesWhereThereIsNone() {
        assertThatIOException()
                .isThrownBy(() -> new NoBypass().engage(List.of()))
                .withMessageContaining("bypass.driver");
    }

    private Path tool(String body) throws IOException {
        var tool = Files.writeString(directory.resolve("tool"), "#!/bin/sh\n" + body + "\n");
        return Files.setPosixFilePermissions(tool, PosixFilePermissions.fromString("rwx------"));
    }
}
