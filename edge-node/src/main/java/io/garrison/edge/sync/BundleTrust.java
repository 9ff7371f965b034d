package io.garrison.edge.sync;

import io.garrison.edge.join.Identity;
import io.garrison.protocol.BundleSigning;
import io.garrison.protocol.BundleSigning.UntrustedBundleException;
import io.garrison.protocol.PolicyBundle;
import io.garrison.protocol.ProtocolJson;
import io.garrison.protocol.SignedBundle;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a bundle may be applied. A signature alone does not say so: an old bundle is signed, another stack's
 * bundle is signed. What was accepted once is remembered, and only what follows it is accepted (the attacks of The
 * Update Framework's specification, 1.5.2).
 */
final class BundleTrust {

    /** A signed bundle from farther ahead would bar every later one of another incarnation. */
    private static final Duration AHEAD = Duration.ofHours(24);

    private static final int REMEMBERED_INCARNATIONS = 64;

    private BundleTrust() {}

    /**
     * What was accepted last.
     *
     * @param retired incarnations that were left; none of them comes back
     */
    record Accepted(UUID incarnation, long revision, Instant issuedAt, String payloadSha256, List<UUID> retired) {
        Accepted {
            retired = List.copyOf(retired);
        }

        String etag() {
            return new RevisionTag(incarnation, revision).text();
        }
    }

    sealed interface Verdict {

        /** Newer than everything before. */
        record Newer(PolicyBundle bundle, Accepted next) implements Verdict {}

        /** The very one that was accepted last. */
        record Same(PolicyBundle bundle) implements Verdict {}

        record Refused(String code, String reason) implements Verdict {}
    }

    static Verdict judge(SignedBundle signed, Identity identity, @Nullable Accepted accepted, Instant now) {
        PolicyBundle bundle;
        try {
            bundle = BundleSigning.verify(signed, identity.trustedPolicyKeys());
        } catch (UntrustedBundleException e) {
            return new Verdict.Refused("bundle-untrusted", String.valueOf(e.getMessage()));
        }
        if (bundle.version() != PolicyBundle.VERSION) {
            return new Verdict.Refused(
                    "bundle-version", "this agent does not understand bundles of version " + bundle.version());
        }
        if (!bundle.tenantId().equals(identity.tenantId()) || !bundle.stackId().equals(identity.stackId())) {
            return new Verdict.Refused("bundle-misdirected", "the bundle is for another tenant or stack");
        }
        if (bundle.revision() < 1) {
            return new Verdict.Refused("bundle-version", "revisions count from 1");
        }
        if (bundle.issuedAt().isAfter(now.plus(AHEAD))) {
            return new Verdict.Refused("bundle-from-future", "the bundle was issued at " + bundle.issuedAt());
        }
        var digest = ProtocolJson.sha256Hex(signed.payload().getBytes(StandardCharsets.US_ASCII));
        return accepted == null
                ? newer(bundle, digest, List.of(), bundle.issuedAt())
                : follow(bundle, digest, accepted);
    }

    private static Verdict follow(PolicyBundle bundle, String digest, Accepted accepted) {
        if (!bundle.incarnation().equals(accepted.incarnation())) {
            return otherIncarnation(bundle, digest, accepted);
        }
        if (bundle.revision() < accepted.revision()) {
            return new Verdict.Refused(
                    "bundle-rollback",
                    "revision " + bundle.revision() + " is older than " + accepted.revision()
                            + ", which was accepted before");
        }
        if (bundle.revision() == accepted.revision()) {
            return digest.equals(accepted.payloadSha256())
                    ? new Verdict.Same(bundle)
                    : new Verdict.Refused(
                            "bundle-equivocal", "there are two bundles for revision " + bundle.revision());
        }
        var latest = bundle.issuedAt().isAfter(accepted.issuedAt()) ? bundle.issuedAt() : accepted.issuedAt();
        return newer(bundle, digest, accepted.retired(), latest);
    }

    private static Verdict otherIncarnation(PolicyBundle bundle, String digest, Accepted accepted) {
        if (accepted.retired().contains(bundle.incarnation())
                || !bundle.issuedAt().isAfter(accepted.issuedAt())) {
            return new Verdict.Refused(
                    "bundle-rollback", "the bundle comes from a history that this instance has left behind");
        }
        var retired = new ArrayList<>(accepted.retired());
        retired.add(accepted.incarnation());
        int from = Math.max(0, retired.size() - REMEMBERED_INCARNATIONS);
        return newer(bundle, digest, retired.subList(from, retired.size()), bundle.issuedAt());
    }

    private static Verdict newer(PolicyBundle bundle, String digest, List<UUID> retired, Instant latest) {
        return new Verdict.Newer(
                bundle, new Accepted(bundle.incarnation(), bundle.revision(), latest, digest, retired));
    }
}
