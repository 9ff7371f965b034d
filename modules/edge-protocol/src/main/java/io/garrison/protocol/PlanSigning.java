package io.garrison.protocol;

import io.garrison.protocol.BundleSigning.UntrustedBundleException;
import java.nio.charset.StandardCharsets;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.util.Map;

/** Signs plans of instances and verifies them: the keys and the form of {@link BundleSigning}, for another purpose. */
public final class PlanSigning {

    private static final byte[] PURPOSE = "garrison-instance-plan-v1\n".getBytes(StandardCharsets.US_ASCII);

    private PlanSigning() {}

    public static SignedBundle sign(InstancePlan plan, String keyId, PrivateKey key) {
        return BundleSigning.sign(PURPOSE, ProtocolJson.canonical(plan), keyId, key);
    }

    /**
     * @param trusted public keys by key id
     * @throws UntrustedBundleException if the key is unknown, the signature does not hold, or the payload is no plan
     */
    public static InstancePlan verify(SignedBundle signed, Map<String, PublicKey> trusted) {
        try {
            return ProtocolJson.read(BundleSigning.payload(PURPOSE, signed, trusted), InstancePlan.class);
        } catch (IllegalArgumentException e) {
            throw new UntrustedBundleException("not a plan: " + e.getMessage());
        }
    }
}
