package io.garrison.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.garrison.protocol.BundleSigning.UntrustedBundleException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class BundleSigningTests {

    private final KeyPair key = newKey();
    private final PolicyBundle bundle = anyBundle();
    private final SignedBundle signed = BundleSigning.sign(bundle, "k1", key.getPrivate());

    @Test
    void readsWhatWasSigned() {
        assertThat(BundleSigning.verify(signed, Map.of("k1", key.getPublic()))).isEqualTo(bundle);
    }

    @Test
    void refusesEveryFlippedByteOfThePayload() {
        byte[] payload = Base64.getUrlDecoder().decode(signed.payload());
        for (int i = 0; i < payload.length; i++) {
            var flipped = payload.clone();
            flipped[i] ^= 1;
            var forged = new SignedBundle("k1", Base64.getUrlEncoder().encodeToString(flipped), signed.signature());

            assertThatExceptionOfType(UntrustedBundleException.class)
                    .as("byte %d", i)
                    .isThrownBy(() -> BundleSigning.verify(forged, Map.of("k1", key.getPublic())));
        }
    }

    @Test
    void refusesAnotherKeyAndAnUnknownKeyId() {
        assertThatExceptionOfType(UntrustedBundleException.class)
                .isThrownBy(() -> BundleSigning.verify(signed, Map.of("k1", newKey().getPublic())));
        assertThatExceptionOfType(UntrustedBundleException.class)
                .isThrownBy(() -> BundleSigning.verify(signed, Map.of("k2", key.getPublic())));
    }

    @Test
    void refusesAPolicyThatDoesNotHaveTheSignedDigest() {
        var wrongDigest = new PolicyBundle(
                1,
                bundle.tenantId(),
                bundle.stackId(),
                bundle.incarnation(),
                1,
                bundle.issuedAt(),
                "00",
                true,
                List.of(),
                bundle.policy());

        assertThatExceptionOfType(UntrustedBundleException.class)
                .isThrownBy(() -> BundleSigning.verify(
                        BundleSigning.sign(wrongDigest, "k1", key.getPrivate()), Map.of("k1", key.getPublic())));
    }

    private static PolicyBundle anyBundle() {
        var policy = ProtocolJson.read("""
                {"virtualServices":[{"name":"shop","address":"127.0.0.1","port":18081,"protocol":"HTTP","pool":"web",
                  "routes":[{"when":{"pathPrefix":"/api"},"pool":"web"}],"unknown":1}],
                 "pools":[{"name":"web","members":[{"address":"127.0.0.1","port":19001}]}]}
                """.getBytes(), Policy.class);
        return new PolicyBundle(
                1,
                UUID.randomUUID(),
                UUID.randomUUID(),
                UUID.randomUUID(),
                1,
                Instant.parse("2026-11-21T10:00:00Z"),
                ProtocolJson.sha256(policy),
                true,
                List.of(),
                policy);
    }

    private static KeyPair newKey() {
        try {
            return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
