package io.garrison.edge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.garrison.edge.state.SettingsInForce;
import io.garrison.edge.state.SettingsInForce.Setting;
import io.garrison.edge.state.StateDirectory;
import io.garrison.protocol.ProtocolJson;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** PX-19: settings that nobody said take their defaults, and all of them are shown. */
class SettingsCommandTests {

    @TempDir
    Path temp;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private StateDirectory state;
    private Path machine;

    @BeforeEach
    void files() throws IOException {
        state = new StateDirectory(temp.resolve("edge"));
        machine = temp.resolve("machine.properties");
        Files.createDirectories(state.root());
        Files.writeString(state.settings(), """
                health.check-interval-secs=7
                health.max-missed-heartbeats=3
                election.timeout-min-ms=500
                election.timeout-max-ms=900
                address.192.0.2.1=127.0.0.9
                """);
        Files.writeString(machine, "election.timeout-max-ms=1000\n");
    }

    @Test
    void tellsWhereEachSettingComesFrom() throws Exception {
        assertThat(edge("--settings", machine.toString(), "--json")).isZero();
        var file = state.settings().toString();
        var told = ProtocolJson.read(out.toByteArray(), SettingsInForce.class).settings();

        assertThat(told)
                .contains(
                        new Setting("health.check-interval-secs", "7", file, false),
                        new Setting("health.max-missed-heartbeats", "3", file, true),
                        new Setting("election.timeout-min-ms", "500", file, false),
                        new Setting("election.timeout-max-ms", "1000", machine.toString(), false),
                        new Setting("address.192.0.2.1", "127.0.0.9", file, false),
                        new Setting("election.heartbeat-interval-ms", "50", "default", true),
                        new Setting("gossip.port", null, "unset", true),
                        new Setting("discovery.etcd-endpoints", null, "unset", true),
                        new Setting("bypass.command", null, "unset", true));
        assertThat(told).extracting(Setting::key).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void saysItInLines() {
        assertThat(edge()).isZero();
        assertThat(err.toString(StandardCharsets.UTF_8).lines())
                .contains(
                        "No agent runs; one that is started now goes by these",
                        "health.check-interval-secs=7  # " + state.settings(),
                        "health.max-missed-heartbeats=3  # " + state.settings() + ", as the default",
                        "election.heartbeat-interval-ms=50  # default",
                        "gossip.port=  # unset");
    }

    @Test
    void namesWhatIsWrongInsteadOfGuessing() throws Exception {
        Files.writeString(state.settings(), "health.check-interval-secs=0\n");
        assertThat(edge()).isEqualTo(1);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("health.check-interval-secs must be");
        assertThat(edge("--settings", temp.resolve("absent").toString())).isEqualTo(1);
        assertThat(out.toString(StandardCharsets.UTF_8)).isEmpty();
    }

    private int edge(String... options) {
        var words = new ArrayList<>(List.of("settings", "--state", state.root().toString()));
        words.addAll(List.of(options));
        var console = new Console(new PrintStream(out, true), new PrintStream(err, true));
        return new EdgeCommand(console, Clock.systemUTC(), (directory, config, events) -> {
                    throw new IOException("nothing is opened");
                })
                .run(words);
    }
}
