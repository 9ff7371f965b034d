package io.garrison.edge.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.garrison.edge.state.EdgeConfig.InvalidSetting;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EdgeConfigTests {

    @TempDir
    Path directory;

    @Test
    void readsEverySettingAndWritesItBack() throws IOException {
        var config = EdgeConfig.of(Map.of(
                "management.port", "0",
                "spool.max-bytes", "1048576",
                "meter", "Proxy",
                "haproxy.binary", "/opt/haproxy",
                "bypass.driver", "Exec",
                "bypass.command", "/opt/bypassctl",
                "address.127.0.0.1", "127.0.0.2",
                "address.2001:db8::1", "2001:db8::2"));
        var file = directory.resolve("edge.properties");
        Files.write(file, config.toFile());

        assertThat(EdgeConfig.read(file)).isEqualTo(config);
        assertThat(config.managementPort()).isZero();
        assertThat(config.spoolMaxBytes()).isEqualTo(1 << 20);
        assertThat(config.meter()).isEqualTo(MeterChoice.PROXY);
        assertThat(config.haproxyBinary()).isEqualTo(Path.of("/opt/haproxy"));
        assertThat(config.bypass()).isEqualTo(new BypassChoice(BypassChoice.Driver.EXEC, Path.of("/opt/bypassctl")));
        assertThat(config.addresses())
                .containsEntry("127.0.0.1", "127.0.0.2")
                .containsEntry("2001:db8::1", "2001:db8::2");
    }

    @Test
    void hasDefaultsWithoutAFile() throws IOException {
        var config = EdgeConfig.read(directory.resolve("absent"));

        assertThat(config).isEqualTo(EdgeConfig.DEFAULT);
        assertThat(config.managementPort()).isEqualTo(9527);
        assertThat(config.spoolMaxBytes()).isEqualTo(1L << 30);
        assertThat(config.meter()).isEqualTo(MeterChoice.AUTO);
    }

    @Test
    void namesTheBypassByHaproxyAsItIsWritten() {
        var config = EdgeConfig.of(Map.of("bypass.driver", "HAProxy-TCP"));

        assertThat(config.bypass().driver()).isEqualTo(BypassChoice.Driver.HAPROXY_TCP);
        assertThat(new String(config.toFile(), StandardCharsets.UTF_8)).contains("bypass.driver=haproxy-tcp");
    }

    @Test
    void wantsTheToolOfABypassCard() {
        assertThatExceptionOfType(InvalidSetting.class)
                .isThrownBy(() -> EdgeConfig.of(Map.of("bypass.driver", "exec")))
                .withMessageStartingWith("bypass.command");
    }

    @ParameterizedTest
    @CsvSource({
        "management.prt, 1",
        "management.port, 65536",
        "management.port, x",
        "spool.max-bytes, 10",
        "meter, both",
        "bypass.driver, card",
        "bypass.command, bypassctl",
        "haproxy.binary, haproxy",
        "address.host, 127.0.0.1",
        "address.127.0.0.1, 'x; y'",
    })
    void refusesWhatItDoesNotKnowAndNamesTheKey(String key, String value) {
        assertThatExceptionOfType(InvalidSetting.class)
                .isThrownBy(() -> EdgeConfig.of(Map.of(key, value)))
                .withMessageStartingWith(key);
    }
}
