package io.garrison.instances;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
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
                        Duration.ofHours(24),
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(15),
                        Duration.ofSeconds(30),
                        Duration.ofDays(14)));
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
                        Duration.ofHours(1),
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(30),
                        Duration.ZERO));
    }

    @Test
    void readWhereToReportTo() {
        var defaults = bound("garrison.federation", FederationSettings.class, Map.of());
        assertThat(defaults)
                .isEqualTo(new FederationSettings(
                        null, null, null, Duration.ofMinutes(1), Duration.ofMinutes(3), Duration.ofMinutes(10)));
        assertThat(defaults.byHand()).isNull();

        var pin = "0a".repeat(32);
        var byHand = bound(
                        "garrison.federation",
                        FederationSettings.class,
                        Map.of(
                                "garrison.federation.url", "https://mssp.example:8444",
                                "garrison.federation.ca-sha256", pin,
                                "garrison.federation.interval", "5s"))
                .byHand();
        assertThat(byHand.url()).hasToString("https://mssp.example:8444");
        assertThat(byHand.caSha256()).isEqualTo(pin);
    }

    @Test
    void refuseAGatewayThatIsNone() {
        for (var bad : List.of(
                Map.of("url", "https://mssp.example"),
                Map.of("url", "http://mssp.example", "ca-sha256", "0a".repeat(32)),
                Map.of("url", "https://mssp.example/path", "ca-sha256", "0a".repeat(32)),
                Map.of("url", "https://mssp.example", "ca-sha256", "0A".repeat(32)),
                Map.of("gateway", "ftp://mssp.example"),
                Map.of("interval", "0s"),
                Map.of("lost-after", "1m"))) {
            var properties = new java.util.HashMap<String, String>();
            bad.forEach((name, value) -> properties.put("garrison.federation." + name, value));

            assertThatExceptionOfType(org.springframework.boot.context.properties.bind.BindException.class)
                    .as("%s", bad)
                    .isThrownBy(() -> bound("garrison.federation", FederationSettings.class, properties));
        }
    }
}
