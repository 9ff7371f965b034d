package io.garrison.platform;

import io.garrison.platform.PlatformException.TooManyAttempts;
import io.garrison.tenancy.SignInAttempts;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/** Counts by address and minute, in memory: each replica by itself. */
class SignInThrottle implements SignInAttempts {

    private static final long WINDOW_MILLIS = 60_000;
    private static final int MAX_ADDRESSES = 10_000;

    private final Clock clock;
    private final int perMinute;
    /** In the order in which they were last heard of, so that those at rest are forgotten first. */
    private final Map<String, Window> windows = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Window> eldest) {
            return size() > MAX_ADDRESSES;
        }
    };

    SignInThrottle(Clock clock, Settings settings) {
        this.clock = clock;
        this.perMinute = settings.perMinute();
    }

    /** @param perMinute attempts of one address to sign in, redeem a one-time link or set the installation up */
    @ConfigurationProperties("garrison.sign-in")
    record Settings(@DefaultValue("60") int perMinute) {
        Settings {
            if (perMinute < 1) {
                throw new IllegalArgumentException("garrison.sign-in.per-minute must be 1 or more, is " + perMinute);
            }
        }
    }

    private record Window(long begin, int attempts) {}

    /** @throws TooManyAttempts beyond the limit */
    @Override
    public synchronized void admit(String address) {
        long now = clock.millis();
        var window = windows.getOrDefault(address, new Window(now, 0));
        if (now - window.begin() >= WINDOW_MILLIS) {
            window = new Window(now, 0);
        }
        if (window.attempts() >= perMinute) {
            throw new TooManyAttempts(Math.ceilDiv(WINDOW_MILLIS - (now - window.begin()), 1_000L));
        }
        windows.put(address, new Window(window.begin(), window.attempts() + 1));
    }
}
