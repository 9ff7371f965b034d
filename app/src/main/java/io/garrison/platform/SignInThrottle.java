package io.garrison.platform;

import io.garrison.platform.PlatformException.TooManyAttempts;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/** Limits how often one address may try to get a credential; locking accounts is the business of tenancy. */
class SignInThrottle {

    private static final long WINDOW_MILLIS = 60_000;
    private static final int MAX_ADDRESSES = 10_000;

    private final Clock clock;
    private final int perMinute;
    private final Map<String, Window> windows = new LinkedHashMap<>() {
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

    /** @param perMinute attempts of one address to sign in, redeem an invitation or set the installation up */
    @ConfigurationProperties("garrison.sign-in")
    record Settings(@DefaultValue("60") int perMinute) {}

    private record Window(long begin, int attempts) {}

    /** @throws TooManyAttempts beyond the limit */
    synchronized void admit(String address) {
        long now = clock.millis();
        var window = windows.getOrDefault(address, new Window(now, 0));
        if (now - window.begin() >= WINDOW_MILLIS) {
            window = new Window(now, 0);
        }
        if (window.attempts() >= perMinute) {
            throw new TooManyAttempts(Math.max(1, (WINDOW_MILLIS - (now - window.begin())) / 1_000));
        }
        windows.put(address, new Window(window.begin(), window.attempts() + 1));
    }
}
