package io.garrison.edge.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.garrison.edge.join.Identity;
import io.garrison.edge.sync.BundleTrust.Accepted;
import io.garrison.edge.sync.BundleTrust.Verdict;
import io.garrison.protocol.BundleSigning;
import io.garrison.protocol.EnrollResponse.PolicyKey;
import io.garrison.protocol.Policy;
import io.garrison.protocol.PolicyBundle;
import io.garrison.protocol.ProtocolJson;
import io.garrison.protocol.SignedBundle;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Quality 3.6: the attacks on an updater, on a fresh edge and on one that remembers. */
class BundleTrustTests {

    private static final UUID TENANT = new UUID(1, 1);
    private static final UUID STACK = new UUID(1, 2);
    private static final UUID HISTORY = new UUID(9, 1);
    private static final UUID OTHER_HISTORY = new UUID(9, 2);
    private static final Instant NOW = Instant.parse("2026-11-01T10:00:00Z");

    private final KeyPair trusted = keys();
    private final KeyPair stranger = keys();

    @Test
    void acceptsARevisionThatFollows() {
        var first = accepted(null, bundle(TENANT, STACK, HISTORY, 4, NOW));
        var second = accepted(first, bundle(TENANT, STACK, HISTORY, 5, NOW.plusSeconds(1)));

        assertThat(second.revision()).isEqualTo(5);
        assertThat(second.etag()).isEqualTo("\"" + HISTORY + "/5\"");
    }

    @Test
    void refusesAnArbitraryBundleOfAStranger() {
        var forged = BundleSigning.sign(bundle(TENANT, STACK, HISTORY, 9, NOW), "k1", stranger.getPrivate());
        assertThat(refusal(forged, null)).isEqualTo("bundle-untrusted");
        assertThat(refusal(forged, at(4))).isEqualTo("bundle-untrusted");

        var unknownKey = BundleSigning.sign(bundle(TENANT, STACK, HISTORY, 9, NOW), "k2", trusted.getPrivate());
        assertThat(refusal(unknownKey, at(4))).isEqualTo("bundle-untrusted");
    }

    @Test
    void refusesAnyChangedByte() {
        var signed = sign(bundle(TENANT, STACK, HISTORY, 9, NOW));
        var payload = Base64.getUrlDecoder().decode(signed.payload());
        for (int i = 0; i < payload.length; i += 11) {
            var changed = payload.clone();
            changed[i] ^= 1;
            var forged = new SignedBundle(
                    "k1", Base64.getUrlEncoder().withoutPadding().encodeToString(changed), signed.signature());
            assertThat(refusal(forged, null)).isEqualTo("bundle-untrusted");
        }
    }

    @Test
    void refusesToGoBack() {
        assertThat(refusal(sign(bundle(TENANT, STACK, HISTORY, 4, NOW.plusSeconds(99))), at(5)))
                .isEqualTo("bundle-rollback");
    }

    @Test
    void refusesABundleForSomebodyElse() {
        assertThat(refusal(sign(bundle(new UUID(2, 2), STACK, HISTORY, 9, NOW)), null))
                .isEqualTo("bundle-misdirected");
        assertThat(refusal(sign(bundle(TENANT, new UUID(2, 2), HISTORY, 9, NOW)), at(5)))
                .isEqualTo("bundle-misdirected");
    }

    @Test
    void refusesTwoBundlesForOneRevision() {
        var one = sign(bundle(TENANT, STACK, HISTORY, 5, NOW));
        var accepted = accepted(null, bundle(TENANT, STACK, HISTORY, 5, NOW));

        assertThat(judge(one, accepted)).isInstanceOf(Verdict.Same.class);
        assertThat(refusal(sign(bundle(TENANT, STACK, HISTORY, 5, NOW.plusSeconds(1))), accepted))
                .isEqualTo("bundle-equivocal");
    }

    @Test
    void takesANewHistoryAndNeverReturnsToTheOldOne() {
        var old = accepted(null, bundle(TENANT, STACK, HISTORY, 50, NOW));
        var restored = accepted(old, bundle(TENANT, STACK, OTHER_HISTORY, 1, NOW.plusSeconds(10)));

        assertThat(restored.revision()).isEqualTo(1);
        assertThat(refusal(sign(bundle(TENANT, STACK, HISTORY, 51, NOW.plusSeconds(20))), restored))
                .isEqualTo("bundle-rollback");
        assertThat(refusal(sign(bundle(TENANT, STACK, OTHER_HISTORY, 60, NOW.minusSeconds(1))), old))
                .as("an older history")
                .isEqualTo("bundle-rollback");
    }

    @Test
    void isNotFastForwardedBeyondRecall() {
        assertThat(refusal(
                        sign(bundle(TENANT, STACK, HISTORY, 1_000_000_000_000L, NOW.plus(Duration.ofDays(400)))), null))
                .isEqualTo("bundle-from-future");

        var forwarded = accepted(at(4), bundle(TENANT, STACK, HISTORY, 1_000_000_000_000L, NOW.plusSeconds(5)));
        assertThat(accepted(forwarded, bundle(TENANT, STACK, OTHER_HISTORY, 1, NOW.plusSeconds(6)))
                        .revision())
                .as("a new history gets out of it")
                .isEqualTo(1);
    }

    private static Accepted at(long revision) {
        return new Accepted(HISTORY, revision, NOW, "0", List.of());
    }

    private Accepted accepted(Accepted before, PolicyBundle bundle) {
        var verdict = judge(sign(bundle), before);
        assertThat(verdict).isInstanceOf(Verdict.Newer.class);
        return ((Verdict.Newer) verdict).next();
    }

    private String refusal(SignedBundle signed, Accepted before) {
        var verdict = judge(signed, before);
        assertThat(verdict).isInstanceOf(Verdict.Refused.class);
        return ((Verdict.Refused) verdict).code();
    }

    private Verdict judge(SignedBundle signed, Accepted before) {
        return BundleTrust.judge(signed, identity(), before, NOW);
    }

    private SignedBundle sign(PolicyBundle bundle) {
        return BundleSigning.sign(bundle, "k1", trusted.getPrivate());
    }

    private static PolicyBundle bundle(UUID tenant, UUID stack, UUID history, long revision, Instant issuedAt) {
        return new PolicyBundle(
                1,
                tenant,
                stack,
                history,
                revision,
                issuedAt,
                ProtocolJson.sha256(Policy.EMPTY),
                false,
                List.of(),
                Policy.EMPTY);
    }

    private Identity identity() {
        var key = new PolicyKey(
                "k1", Base64.getEncoder().encodeToString(trusted.getPublic().getEncoded()));
        return new Identity(
                new UUID(1, 3), TENANT, STACK, URI.create("https://localhost"), "", "", "", List.of(key), 5, null);
    }

    private static KeyPair keys() {
        try {
            return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
