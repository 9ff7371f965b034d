package io.garrison.tenancy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.garrison.tenancy.TenancyException.EmbeddedStoresRefused;
import io.garrison.tenancy.TenancyException.TenantComesWithLicense;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class DeploymentRulesTests {

    /** The table of the modes, as it is documented. */
    @ParameterizedTest
    @CsvSource(useHeadersInDisplayName = true, textBlock = """
            MODE,          MANY,  LICENCES, BY HAND, EMBEDDED, AGENT
            STANDALONE,    false, false,    false,   true,     true
            CENTRALIZED,   false, false,    false,   true,     false
            CLUSTER,       true,  true,     true,    true,     false
            PRIVATE_CLOUD, true,  true,     true,    false,    false
            """)
    void selectsTheRulesByTheMode(
            DeploymentMode mode, boolean many, boolean licences, boolean byHand, boolean embedded, boolean agent) {
        var rules = DeploymentRules.of(mode);

        assertThat(rules).isEqualTo(new DeploymentRules(mode, many, licences, byHand, embedded, agent));
        if (byHand) {
            assertThatCode(rules::requireTenantsByHand).doesNotThrowAnyException();
        } else {
            assertThatExceptionOfType(TenantComesWithLicense.class)
                    .isThrownBy(rules::requireTenantsByHand)
                    .withMessageContaining(mode.word())
                    .withMessageContaining("Load the sub-licence");
        }
        if (embedded) {
            assertThatCode(rules::requireEmbeddedStores).doesNotThrowAnyException();
        } else {
            assertThatExceptionOfType(EmbeddedStoresRefused.class)
                    .isThrownBy(rules::requireEmbeddedStores)
                    .withMessageContaining(mode.word())
                    .withMessageContaining("must be external");
        }
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            STANDALONE,    STANDALONE,    true
            STANDALONE,    CENTRALIZED,   false
            STANDALONE,    CLUSTER,       false
            STANDALONE,    PRIVATE_CLOUD, false
            CENTRALIZED,   STANDALONE,    false
            CENTRALIZED,   CENTRALIZED,   true
            CENTRALIZED,   CLUSTER,       false
            CENTRALIZED,   PRIVATE_CLOUD, false
            CLUSTER,       STANDALONE,    false
            CLUSTER,       CENTRALIZED,   false
            CLUSTER,       CLUSTER,       true
            CLUSTER,       PRIVATE_CLOUD, true
            PRIVATE_CLOUD, STANDALONE,    false
            PRIVATE_CLOUD, CENTRALIZED,   false
            PRIVATE_CLOUD, CLUSTER,       true
            PRIVATE_CLOUD, PRIVATE_CLOUD, true
            """)
    void takesOverDataOnlyOfAModeWithTheSameRulesForTenants(DeploymentMode before, DeploymentMode now, boolean may) {
        assertThat(DeploymentRules.of(now).mayTakeOver(DeploymentRules.of(before)))
                .isEqualTo(may);
    }

    @ParameterizedTest
    @EnumSource
    void isKnownByItsWordAndByNothingElse(DeploymentMode mode) {
        assertThat(DeploymentMode.of(mode.word())).contains(mode);
        assertThat(DeploymentMode.of(mode.name())).isEmpty();
    }

    @Test
    void writesTheModeAsSettingsDo() {
        assertThat(DeploymentMode.PRIVATE_CLOUD.word()).isEqualTo("private-cloud");
    }
}
