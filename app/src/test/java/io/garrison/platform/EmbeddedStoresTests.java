package io.garrison.platform;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.garrison.tenancy.DeploymentMode;
import io.garrison.tenancy.TenancyException.EmbeddedStoresRefused;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.mock.env.MockEnvironment;

class EmbeddedStoresTests {

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "PRIVATE_CLOUD")
    void modesOfOneMachineMayHaveThemEmbedded(DeploymentMode mode) {
        var environment = new MockEnvironment()
                .withProperty("garrison.mode", mode.word())
                .withProperty(EmbeddedStores.EMBEDDED, "true");

        assertThatCode(() -> EmbeddedStores.check(environment)).doesNotThrowAnyException();
    }

    @Test
    void aPrivateCloudMayNot() {
        var environment = new MockEnvironment().withProperty("garrison.mode", "private-cloud");

        assertThatCode(() -> EmbeddedStores.check(environment)).doesNotThrowAnyException();
        assertThatExceptionOfType(EmbeddedStoresRefused.class)
                .isThrownBy(() -> EmbeddedStores.check(environment.withProperty(EmbeddedStores.EMBEDDED, "true")));
    }
}
