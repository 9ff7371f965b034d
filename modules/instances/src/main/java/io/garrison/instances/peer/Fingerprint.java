package io.garrison.instances.peer;

import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a stack serves, as far as two installations compare it.
 *
 * @param policy SHA-256, hex, of the RFC 8785 form of the newest published policy
 * @param certificates SHA-256, hex, of the certificates that it names; absent where they are not compared
 */
public record Fingerprint(String policy, @Nullable String certificates) {

    private static final Pattern SHA_256 = Pattern.compile("[0-9a-f]{64}");

    public Fingerprint {
        if (!SHA_256.matcher(policy).matches()
                || certificates != null && !SHA_256.matcher(certificates).matches()) {
            throw new IllegalArgumentException("a fingerprint is made of digests");
        }
    }

    /** Nothing published is the same as nothing published, and differs from everything else. */
    public static boolean same(@Nullable Fingerprint one, @Nullable Fingerprint other) {
        if (one == null || other == null) {
            return one == other;
        }
        return one.policy.equals(other.policy)
                && (one.certificates == null
                        || other.certificates == null
                        || Objects.equals(one.certificates, other.certificates));
    }

    /** What both have compared. Of two that are the same. */
    public Fingerprint common(Fingerprint other) {
        return certificates == null ? this : other;
    }
}
