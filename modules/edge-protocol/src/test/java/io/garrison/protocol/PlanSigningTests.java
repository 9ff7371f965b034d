package io.garrison.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.garrison.protocol.BundleSigning.UntrustedBundleException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class PlanSigningTests {

    private static final UUID ID = UUID.fromString("0190f5a0-0000-7000-8000-000000000001");
    private static final InstancePlan PLAN = new InstancePlan(
            1,
            3,
            ID,
            ID,
            ID,
            Instant.parse("2026-11-21T10:00:00Z"),
            HaSettings.DEFAULT,
            List.of(),
            List.of(),
            List.of());

    private final KeyPair key = ed25519();

    @Test
    void holdsForThePlanThatWasSigned() {
        var signed = PlanSigning.sign(PLAN, "k1", key.getPrivate());

        assertThat(PlanSigning.verify(signed, Map.of("k1", key.getPublic()))).isEqualTo(PLAN);
    }

    @Test
    void refusesEveryFlippedByteAndOtherKeys() {
        var signed = PlanSigning.sign(PLAN, "k1", key.getPrivate());
        byte[] payload = Base64.getUrlDecoder().decode(signed.payload());
        for (int i = 0; i < payload.length; i++) {
            var flipped = payload.clone();
            flipped[i] ^= 1;
            var text = Base64.getUrlEncoder().withoutPadding().encodeToString(flipped);
            assertThatThrownBy(() -> PlanSigning.verify(
                            new SignedBundle("k1", text, signed.signature()), Map.of("k1", key.getPublic())))
                    .isInstanceOf(UntrustedBundleException.class);
        }
        assertThatThrownBy(
                        () -> PlanSigning.verify(signed, Map.of("k1", ed25519().getPublic())))
                .isInstanceOf(UntrustedBundleException.class);
        assertThatThrownBy(() -> PlanSigning.verify(signed, Map.of("k2", key.getPublic())))
                .isInstanceOf(UntrustedBundleException.class);
    }

    /** The same key signs both: neither may pass for the other. */
    @Test
    void takesNoPolicyBundleForAPlanNorThePlanForABundle() {
        var trusted = Map.of("k1", key.getPublic());
        var bundle = new PolicyBundle(
                1, ID, ID, ID, 1, PLAN.issuedAt(), ProtocolJson.sha256(Policy.EMPTY), false, List.of(), Policy.EMPTY);

        assertThatThrownBy(() -> PlanSigning.verify(BundleSigning.sign(bundle, "k1", key.getPrivate()), trusted))
                .isInstanceOf(UntrustedBundleException.class);
        assertThatThrownBy(() -> BundleSigning.verify(PlanSigning.sign(PLAN, "k1", key.getPrivate()), trusted))
                .isInstanceOf(UntrustedBundleException.class);
    }

    private static KeyPair ed25519() {
        try {
            return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
