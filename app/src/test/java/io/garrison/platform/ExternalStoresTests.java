package io.garrison.platform;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.garrison.tenancy.DeploymentMode;
import io.garrison.tenancy.TenancyException.EmbeddedStoresRefused;
import io.garrison.tenancy.TenancyException.StoreMissing;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.mock.env.MockEnvironment;

class ExternalStoresTests {

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "PRIVATE_CLOUD")
    void modesOfOneMachineMayHaveThemEmbedded(DeploymentMode mode) {
        var environment = new MockEnvironment()
                .withProperty("garrison.mode", mode.word())
                .withProperty(ExternalStores.EMBEDDED, "true");

        assertThatCode(() -> ExternalStores.check(environment)).doesNotThrowAnyException();
    }

    @Test
    void aPrivateCloudMayNot() {
        assertThatExceptionOfType(EmbeddedStoresRefused.class)
                .isThrownBy(() -> ExternalStores.check(privateCloud().withProperty(ExternalStores.EMBEDDED, "true")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"spring.datasource.url", "garrison.kafka.bootstrap", "garrison.opensearch.url"})
    void aPrivateCloudNamesTheStoreThatIsMissing(String store) {
        assertThatCode(() -> ExternalStores.check(privateCloud())).doesNotThrowAnyException();
        assertThatExceptionOfType(StoreMissing.class)
                .isThrownBy(() -> ExternalStores.check(privateCloud().withProperty(store, "")))
                .withMessageContaining("private-cloud")
                .withMessageContaining("missing: " + store + ".");
    }

    private static MockEnvironment privateCloud() {
        return new MockEnvironment()
                .withProperty("garrison.mode", "private-cloud")
                .withProperty("spring.datasource.url", "jdbc:postgresql://db/garrison")
                .withProperty("garrison.kafka.bootstrap", "kafka:9092")
                .withProperty("garrison.opensearch.url", "https://search:9200");
    }
}
