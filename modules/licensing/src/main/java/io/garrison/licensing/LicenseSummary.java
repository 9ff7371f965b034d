package io.garrison.licensing;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A loaded licence of the provider.
 *
 * @param mssp name of the provider that it was issued to
 * @param validUntil first instant at which it is over
 * @param deployment the one installation that it is for, if it is bound to one
 * @param demo whether it was issued for a demonstration
 * @param signingKeyId identifies the key that signs sub-licences under it
 * @param overcommit how many times over it may be given away
 * @param version for the entity tag
 */
public record LicenseSummary(
        LicenseId id,
        String mssp,
        Instant validFrom,
        Instant validUntil,
        Entitlements entitlements,
        @Nullable UUID deployment,
        boolean demo,
        String signingKeyId,
        Instant loadedAt,
        Overcommit overcommit,
        long version) {}
