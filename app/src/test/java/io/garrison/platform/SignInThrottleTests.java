package io.garrison.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.garrison.platform.PlatformException.TooManyAttempts;
import io.garrison.platform.SignInThrottle.Settings;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SignInThrottleTests {

    private final HandClock clock = new HandClock();
    private final SignInThrottle throttle = new SignInThrottle(clock, new Settings(3));

    @Test
    void admitsAsManyAsAreSetInAMinuteAndThenAgain() {
        for (int i = 0; i < 3; i++) {
            throttle.admit("192.0.2.1");
        }

        assertThatExceptionOfType(TooManyAttempts.class).isThrownBy(() -> throttle.admit("192.0.2.1"));
        throttle.admit("192.0.2.2");
        clock.forward(Duration.ofMinutes(1));
        throttle.admit("192.0.2.1");
    }

    /** Who waits for as long as they are told is admitted. */
    @ParameterizedTest
    @ValueSource(longs = {0, 1, 500, 1_500, 59_001, 59_999})
    void tellsHowLongToWait(long passedMs) {
        for (int i = 0; i < 3; i++) {
            throttle.admit("192.0.2.1");
        }
        clock.forward(Duration.ofMillis(passedMs));
        var refusal = org.assertj.core.api.Assertions.catchThrowableOfType(
                TooManyAttempts.class, () -> throttle.admit("192.0.2.1"));

        assertThat(refusal.retryAfterSeconds).isBetween(1L, 60L);
        clock.forward(Duration.ofSeconds(refusal.retryAfterSeconds));
        throttle.admit("192.0.2.1");
    }

    @Test
    void doesNotLetRefusedAttemptsProlongTheWait() {
        for (int i = 0; i < 3; i++) {
            throttle.admit("192.0.2.1");
        }
        for (int second = 0; second < 59; second++) {
            clock.forward(Duration.ofSeconds(1));
            assertThatExceptionOfType(TooManyAttempts.class).isThrownBy(() -> throttle.admit("192.0.2.1"));
        }
        clock.forward(Duration.ofSeconds(1));
        throttle.admit("192.0.2.1");
    }

    /** Addresses that come and go push out idle ones, not the one that is at it all the time. */
    @Test
    void doesNotForgetWhoIsAtItAmongManyAddresses() {
        for (int i = 0; i < 3; i++) {
            throttle.admit("192.0.2.1");
            for (int other = 0; other < 6_000; other++) {
                throttle.admit("198.51.100." + i + "." + other);
            }
        }

        assertThatExceptionOfType(TooManyAttempts.class).isThrownBy(() -> throttle.admit("192.0.2.1"));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1})
    void refusesASettingThatWouldLetNobodyIn(int perMinute) {
        assertThatIllegalArgumentException().isThrownBy(() -> new Settings(perMinute));
    }

    private static final class HandClock extends Clock {
        private Instant now = Instant.parse("2026-11-01T00:00:00Z");

        void forward(Duration by) {
            now = now.plus(by);
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
