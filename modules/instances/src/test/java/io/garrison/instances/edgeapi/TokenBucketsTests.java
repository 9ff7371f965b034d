package io.garrison.instances.edgeapi;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class TokenBucketsTests {

    private final AtomicLong now = new AtomicLong();
    private final TokenBuckets<String> buckets = new TokenBuckets<>(10, 2, now::get);

    @Test
    void closesWhenItIsEmptyAndOpensAsItFills() {
        buckets.charge("a", 10);

        assertThat(buckets.secondsUntilOpen("a")).isEqualTo(1);
        assertThat(buckets.secondsUntilOpen("b")).as("another's").isZero();
        now.addAndGet(Duration.ofSeconds(1).toNanos());
        assertThat(buckets.secondsUntilOpen("a")).isZero();
    }

    @Test
    void makesADebtorWaitUntilTheDebtIsPaid() {
        buckets.charge("a", 30);

        assertThat(buckets.secondsUntilOpen("a")).isEqualTo(11);
    }

    @Test
    void holdsNoMoreThanItsCapacity() {
        now.addAndGet(Duration.ofDays(1).toNanos());
        buckets.charge("a", 10);
        now.addAndGet(Duration.ofDays(1).toNanos());
        buckets.charge("a", 10);

        assertThat(buckets.secondsUntilOpen("a")).isPositive();
    }
}
