package io.garrison.instances.peer;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** What a caller proves, and what it cannot use twice. */
class PeerProofTests {

    private static final Instant NOW = Instant.parse("2026-11-27T12:00:00Z");

    private static PeerSignature with(String key, String server) {
        return new PeerSignature(key.getBytes(StandardCharsets.UTF_8), server);
    }

    @Test
    void signsEveryPartOfARequest() {
        var signature = with("k".repeat(32), "aa");
        var signed = signature.ofRequest("POST", "/p", "1", "n", "d");
        var others = List.of(
                signature.ofRequest("GET", "/p", "1", "n", "d"),
                signature.ofRequest("POST", "/q", "1", "n", "d"),
                signature.ofRequest("POST", "/p", "2", "n", "d"),
                signature.ofRequest("POST", "/p", "1", "m", "d"),
                signature.ofRequest("POST", "/p", "1", "n", "e"),
                with("l".repeat(32), "aa").ofRequest("POST", "/p", "1", "n", "d"),
                with("k".repeat(32), "ab").ofRequest("POST", "/p", "1", "n", "d"),
                signature.ofAnswer("n", 200, "d"),
                signature.ofAnswer("n", 201, "d"),
                signature.ofAnswer("m", 200, "d"),
                signature.ofAnswer("n", 200, "e"));

        assertThat(others).doesNotContain(signed);
        assertThat(new HashSet<>(others)).hasSameSizeAs(others);
        assertThat(signature.ofRequest("POST", "/p", "1", "n", "d")).isEqualTo(signed);
        assertThat(signed).hasSize(43);
    }

    @Test
    void takesARequestOnceForAsLongAsItHolds() {
        var nonces = new Nonces(Duration.ofMinutes(11));

        assertThat(nonces.take("a", NOW)).isTrue();
        assertThat(nonces.take("a", NOW)).isFalse();
        assertThat(nonces.take("b", NOW)).isTrue();
        assertThat(nonces.take("a", NOW.plus(Duration.ofMinutes(11)))).isFalse();
        assertThat(nonces.take("a", NOW.plus(Duration.ofMinutes(11)).plusSeconds(1)))
                .isTrue();
    }

    @Test
    void takesNothingMoreWhenItIsFull() {
        var nonces = new Nonces(Duration.ofMinutes(11));
        for (int i = 0; i < Nonces.MAX; i++) {
            assertThat(nonces.take("n" + i, NOW)).isTrue();
        }

        assertThat(nonces.take("one more", NOW)).isFalse();
        assertThat(nonces.take("one more", NOW.plus(Duration.ofHours(1)))).isTrue();
    }

    @Test
    void letsAnAddressWaitAfterManyRefusals() {
        var nanos = new AtomicLong(1_000_000_000_000L);
        var refusals = new Refusals(nanos::get);
        for (int i = 0; i < Refusals.AT_ONCE; i++) {
            assertThat(refusals.another("192.0.2.1")).isZero();
        }

        assertThat(refusals.another("192.0.2.1")).isEqualTo(Refusals.SECONDS_EACH);
        assertThat(refusals.another("192.0.2.2")).as("somebody else").isZero();
        nanos.addAndGet(Duration.ofSeconds(Refusals.SECONDS_EACH).toNanos());
        assertThat(refusals.another("192.0.2.1")).isZero();
        assertThat(refusals.another("192.0.2.1")).isPositive();
    }
}
