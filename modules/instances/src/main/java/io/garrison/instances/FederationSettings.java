package io.garrison.instances;

import io.garrison.licensing.FederationGateway.Address;
import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How installations of customers' own and the MSSP's know of each other.
 *
 * @param gateway the MSSP's: address of its edge gateway as customers reach it, https://host:port; written into the
 *     sub-licences that it issues for installations of their own. Without it they say nothing
 * @param url the customer's: the MSSP's gateway, where the sub-licence does not name it or names another
 * @param caSha256 the customer's: SHA-256, hex, of the certificate of that gateway's authority; goes with {@code url}
 * @param interval the customer's: how often it reports, and how long it waits after a failure, 1 second to 1 hour
 * @param suspectAfter the MSSP's: silence until a site is SUSPECT
 * @param lostAfter the MSSP's: silence until a site is LOST
 */
@ConfigurationProperties("garrison.federation")
public record FederationSettings(
        @Nullable URI gateway,
        @Nullable URI url,
        @Nullable String caSha256,
        @DefaultValue("60s") Duration interval,
        @DefaultValue("3m") Duration suspectAfter,
        @DefaultValue("10m") Duration lostAfter) {

    private static final String NO_DIGEST = "0".repeat(64);

    public FederationSettings {
        gateway = given(gateway);
        url = given(url);
        if (gateway != null) {
            requireAddress("garrison.federation.gateway", gateway, NO_DIGEST);
        }
        if ((url == null) != (caSha256 == null || caSha256.isBlank())) {
            throw new IllegalArgumentException("garrison.federation: url and ca-sha256 belong together");
        }
        if (url != null && caSha256 != null) {
            requireAddress("garrison.federation.url", url, caSha256);
        }
        if (interval.compareTo(Duration.ofSeconds(1)) < 0 || interval.compareTo(Duration.ofHours(1)) > 0) {
            throw new IllegalArgumentException("garrison.federation.interval must be from 1s to 1h, not " + interval);
        }
        if (suspectAfter.isNegative() || suspectAfter.isZero() || lostAfter.compareTo(suspectAfter) <= 0) {
            throw new IllegalArgumentException(
                    "garrison.federation: 0 < suspect-after < lost-after must hold, is %s, %s"
                            .formatted(suspectAfter, lostAfter));
        }
    }

    /** An environment variable that is set to nothing says nothing. */
    private static @Nullable URI given(@Nullable URI uri) {
        return uri == null || uri.toString().isBlank() ? null : uri;
    }

    private static void requireAddress(String setting, URI url, String caSha256) {
        try {
            var unused = new Address(url, caSha256);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(setting + ": " + e.getMessage(), e);
        }
    }

    /** The gateway that was set by hand. */
    public @Nullable Address byHand() {
        return url == null || caSha256 == null ? null : new Address(url, caSha256);
    }
}
