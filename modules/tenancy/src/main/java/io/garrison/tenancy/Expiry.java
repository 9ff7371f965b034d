package io.garrison.tenancy;

import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.springframework.stereotype.Component;

/** When credentials begin and end, to the microsecond that the database keeps. */
@Component
class Expiry {

    private final Clock clock;
    private final AuthSettings settings;

    Expiry(Clock clock, AuthSettings settings) {
        this.clock = clock;
        this.settings = settings;
    }

    Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }

    Instant ofInvitation() {
        return now().plus(settings.invitationLife());
    }

    Instant ofReset() {
        return now().plus(settings.resetLife());
    }

    Instant ofToken() {
        return now().plus(settings.tokenLife());
    }
}
