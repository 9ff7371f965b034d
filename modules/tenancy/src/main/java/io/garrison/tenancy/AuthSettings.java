package io.garrison.tenancy;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How long people and their credentials last.
 *
 * @param tokenLife of a bearer token
 * @param attempts wrong passwords in a row until an account is locked
 * @param lockout for how long
 * @param invitationLife of a one-time link for a new member
 * @param resetLife of a one-time link for a new password
 */
@ConfigurationProperties("garrison.auth")
record AuthSettings(
        @DefaultValue("15m") Duration tokenLife,
        @DefaultValue("5") int attempts,
        @DefaultValue("15m") Duration lockout,
        @DefaultValue("7d") Duration invitationLife,
        @DefaultValue("24h") Duration resetLife) {

    AuthSettings {
        if (attempts < 1) {
            throw new IllegalArgumentException("garrison.auth.attempts must be 1 or more, is " + attempts);
        }
        refuseUnder1s("token-life", tokenLife);
        refuseUnder1s("lockout", lockout);
        refuseUnder1s("invitation-life", invitationLife);
        refuseUnder1s("reset-life", resetLife);
    }

    private static void refuseUnder1s(String name, Duration value) {
        if (value.toSeconds() < 1) {
            throw new IllegalArgumentException(
                    "garrison.auth.%s must be a second or more, is %s".formatted(name, value));
        }
    }
}
