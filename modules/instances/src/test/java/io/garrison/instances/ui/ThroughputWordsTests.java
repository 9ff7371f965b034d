package io.garrison.instances.ui;

import static org.assertj.core.api.Assertions.assertThat;

import io.garrison.instances.InstanceThroughput;
import io.garrison.tenancy.ui.Units;
import org.junit.jupiter.api.Test;

class ThroughputWordsTests {

    private static InstanceThroughput of(Long share, String enforcement, String reason) {
        return new InstanceThroughput(share, enforcement, reason, 1_000, 2_000);
    }

    @Test
    void saysWhatHoldsAndWhatDoesNot() {
        assertThat(ThroughputWords.limit(of(50_000_000L, "TC", null)))
                .isEqualTo(Units.bitsPerSecond(50_000_000) + " in each direction");
        assertThat(ThroughputWords.limit(of(50_000_000L, "NONE", "tc is not installed")))
                .isEqualTo("Not limited at the edge");
        assertThat(ThroughputWords.limit(of(50_000_000L, "SOMETHING_NEWER", null)))
                .isEqualTo("Not limited at the edge");
        assertThat(ThroughputWords.limit(of(null, "NONE", null))).isEqualTo("none");
    }

    @Test
    void saysWhyAShareIsNotHeldTo() {
        assertThat(ThroughputWords.reason(of(50_000_000L, "NONE", "tc is not installed")))
                .isEqualTo("Its share is " + Units.bitsPerSecond(50_000_000) + ". tc is not installed");
        assertThat(ThroughputWords.reason(of(50_000_000L, "NONE", null))).endsWith("does not say why.");
    }

    @Test
    void saysWhatPassesInEachDirection() {
        assertThat(ThroughputWords.rates(of(null, "NONE", null)))
                .isEqualTo(Units.bitsPerSecond(1_000) + " from clients, " + Units.bitsPerSecond(2_000) + " to clients");
    }
}
