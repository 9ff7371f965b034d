package io.garrison.instances;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class SettingsTests {

    private static <T> T bound(String prefix, Class<T> type, Map<String, String> properties) {
        return new Binder(new MapConfigurationPropertySource(properties)).bindOrCreate(prefix, type);
    }

    @Test
    void haveTheirDefaults() {
        assertThat(bound("garrison.edge", EdgeSettings.class, Map.of()))
                .isEqualTo(new EdgeSettings(8444, "127.0.0.1", List.of("localhost", "127.0.0.1"), false));
        assertThat(bound("garrison.instances", InstanceSettings.class, Map.of()))
                .isEqualTo(new InstanceSettings(
                        Duration.ofHours(24), Duration.ofSeconds(5), Duration.ofSeconds(15), Duration.ofSeconds(30)));
    }

    @Test
    void areReadByTheirNames() {
        assertThat(bound(
                        "garrison.edge",
                        EdgeSettings.class,
                        Map.of(
                                "garrison.edge.port", "9444",
                                "garrison.edge.address", "0.0.0.0",
                                "garrison.edge.hostnames", "adc.example.com",
                                "garrison.edge.allow-loopback", "true")))
                .isEqualTo(new EdgeSettings(9444, "0.0.0.0", List.of("adc.example.com"), true));
    }

    @Test
    void refuseTimesThatContradictEachOther() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new InstanceSettings(
                        Duration.ofHours(1), Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofSeconds(30)));
    }
}
