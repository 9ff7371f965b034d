package io.garrison.licensing;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * @param vendorKeys PEM file of the vendors' public keys that are trusted; without it no licence can be loaded
 * @param lease how long a seat is held without being renewed, 10 seconds to 1 day
 */
@ConfigurationProperties("garrison.licensing")
record LicensingSettings(
        @Nullable Path vendorKeys, @DefaultValue("5m") Duration lease) {

    LicensingSettings {
        if (lease.compareTo(Duration.ofSeconds(10)) < 0 || lease.compareTo(Duration.ofDays(1)) > 0) {
            throw new IllegalArgumentException("garrison.licensing.lease must be from 10s to 1d, not " + lease);
        }
    }
}
