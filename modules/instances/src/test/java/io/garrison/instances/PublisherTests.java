package io.garrison.instances;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.garrison.instances.InstanceException.PolicyInvalid;
import io.garrison.protocol.PolicyLimits;
import io.garrison.protocol.SignedBundle;
import org.junit.jupiter.api.Test;

class PublisherTests {

    @Test
    void publishesNothingThatNoInstanceCouldFetch() {
        var most = PolicyLimits.BUNDLE_BYTES - "{'keyId':'k','payload':'','signature':'s'}".length();

        assertThatCode(() -> Publisher.requireFits(new SignedBundle("k", "x".repeat(most), "s")))
                .doesNotThrowAnyException();
        assertThatExceptionOfType(PolicyInvalid.class)
                .isThrownBy(() -> Publisher.requireFits(new SignedBundle("k", "x".repeat(most + 1), "s")))
                .satisfies(refused -> assertThat(refused.errors())
                        .singleElement()
                        .satisfies(error -> assertThat(error.code()).isEqualTo("policy.too-large")));
    }
}
