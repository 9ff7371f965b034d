package io.garrison.edge.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** HA-04: a name server that fails makes nobody unknown to its peers. */
class KeptAddressTests {

    private final AtomicReference<@Nullable String> found = new AtomicReference<>();
    private final AtomicInteger looks = new AtomicInteger();
    private final AtomicLong now = new AtomicLong();
    private final KeptAddress address = new KeptAddress(
            () -> {
                looks.incrementAndGet();
                return found.get();
            },
            now::get);

    @Test
    void keepsTheLastAnswer() {
        found.set("192.0.2.1");
        assertThat(address.told()).isEqualTo("192.0.2.1");
        found.set(null);
        now.addAndGet(KeptAddress.LOOK_MS);
        assertThat(address.told()).isEqualTo("192.0.2.1");
        found.set("192.0.2.2");
        now.addAndGet(KeptAddress.LOOK_MS);
        assertThat(address.told()).isEqualTo("192.0.2.2");
    }

    @Test
    void looksAtOnceWhenItMayHaveChanged() {
        found.set("192.0.2.1");
        assertThat(address.told()).isEqualTo("192.0.2.1");
        found.set("192.0.2.2");
        assertThat(address.told()).isEqualTo("192.0.2.1");
        address.lookAgain();
        assertThat(address.told()).isEqualTo("192.0.2.2");
    }

    @Test
    void looksRarelyOnceItKnowsAndNeverForPeers() {
        assertThat(address.told()).isNull();
        found.set("192.0.2.1");
        assertThat(address.known()).isNull();
        assertThat(looks).hasValue(1);
        assertThat(address.told()).isEqualTo("192.0.2.1");
        now.addAndGet(KeptAddress.LOOK_MS - 1);
        assertThat(address.told()).isEqualTo("192.0.2.1");
        assertThat(address.known()).isEqualTo("192.0.2.1");
        assertThat(looks).hasValue(2);
    }
}
