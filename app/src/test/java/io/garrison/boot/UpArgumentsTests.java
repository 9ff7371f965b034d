package io.garrison.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.garrison.embedded.EmbeddedServices;
import io.garrison.tenancy.DeploymentMode;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UpArgumentsTests {

    @Test
    void withoutOptionsTheDocumentedDefaultsHold() throws UsageException {
        assertThat(UpArguments.parse(List.of()))
                .isEqualTo(new UpArguments(
                        DeploymentMode.CLUSTER,
                        Path.of(".garrison"),
                        8080,
                        8444,
                        null,
                        null,
                        new EmbeddedServices.Ports(0, 0, 0)));
    }

    @Test
    void everyOptionIsTaken() throws UsageException {
        var arguments = UpArguments.parse(List.of(
                "--data",
                "/data",
                "--http-port",
                "1",
                "--edge-port",
                "2",
                "--vendor-key",
                "/vendor.pub",
                "--license",
                "/file.lic",
                "--mode",
                "centralized",
                "--postgres-port",
                "3",
                "--kafka-port",
                "4",
                "--opensearch-port",
                "65535"));

        assertThat(arguments)
                .isEqualTo(new UpArguments(
                        DeploymentMode.CENTRALIZED,
                        Path.of("/data"),
                        1,
                        2,
                        Path.of("/vendor.pub"),
                        Path.of("/file.lic"),
                        new EmbeddedServices.Ports(3, 4, 65_535)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "65536", "-1", "http", ""})
    void aPortOutOfRangeIsRefusedByName(String port) {
        assertThatThrownBy(() -> UpArguments.parse(List.of("--http-port", port)))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("--http-port")
                .hasMessageContaining("1 to 65535");
    }

    @ParameterizedTest
    @ValueSource(strings = {"federated", "CLUSTER", "private_cloud", ""})
    void aModeThatIsNotThereIsRefusedByName(String mode) {
        assertThatThrownBy(() -> UpArguments.parse(List.of("--mode", mode)))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("standalone, centralized, cluster, private-cloud, not " + mode);
    }

    @Test
    void aModeThatNeedsExternalStoresIsRefusedWithTheReason() {
        assertThatThrownBy(() -> UpArguments.parse(List.of("--mode", "private-cloud")))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("installation.embedded-stores-refused")
                .hasMessageContaining("PostgreSQL, Kafka and OpenSearch must be external");
    }

    @Test
    void aCommandNamedAfterItsModeNeedsTheLicenceAndTheKey() throws UsageException {
        var words = List.of("--license", "/file.lic", "--vendor-key", "/vendor.pub");

        assertThat(UpArguments.parse(DeploymentMode.STANDALONE, words).mode()).isEqualTo(DeploymentMode.STANDALONE);
        assertThatThrownBy(() -> UpArguments.parse(DeploymentMode.STANDALONE, words.subList(0, 2)))
                .hasMessageContaining("--vendor-key FILE");
        assertThatThrownBy(() -> UpArguments.parse(DeploymentMode.CENTRALIZED, words.subList(2, 4)))
                .hasMessageContaining("--license FILE");
        assertThatThrownBy(() -> UpArguments.parse(DeploymentMode.CENTRALIZED, List.of("--mode", "cluster")))
                .hasMessageContaining("leave --mode out");
    }

    @Test
    void aModeOfManySubLicencesTakesNoneFromTheCommandLine() {
        assertThatThrownBy(() -> UpArguments.parse(List.of("--license", "/file.lic")))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("at the console");
    }

    @Test
    void anUnknownOptionAndAMissingValueAreRefused() {
        assertThatThrownBy(() -> UpArguments.parse(List.of("--colour"))).hasMessage("unknown option --colour");
        assertThatThrownBy(() -> UpArguments.parse(List.of("--data"))).hasMessage("--data needs a value");
        assertThatThrownBy(() -> UpArguments.dataOnly(List.of("--http-port", "1")))
                .hasMessage("unknown option --http-port");
    }
}
