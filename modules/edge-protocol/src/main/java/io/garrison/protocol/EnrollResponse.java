package io.garrison.protocol;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The new identity of an instance.
 *
 * @param certificateChain PEM, leaf first
 * @param trustAnchors PEM of the authorities that the edge gateway's certificate may come from
 * @param policyKeys public keys that sign policy bundles
 * @param kafka the topics that telemetry ends in; {@code bootstrap} is absent, because edges reach them through the gateway
 * @param lease the signed lease of the instance's seat; see {@link LeaseSigning}
 * @param leaseTrust keys by which the instance verifies its leases
 * @param stackCredential for connections to the other instances of the stack; absent from a management that issues none
 */
public record EnrollResponse(
        UUID instanceId,
        UUID tenantId,
        UUID stackId,
        String certificateChain,
        String trustAnchors,
        List<PolicyKey> policyKeys,
        KafkaTopics kafka,
        int heartbeatSeconds,
        @Nullable String lease,
        @Nullable LeaseTrust leaseTrust,
        @Nullable StackCredential stackCredential) {

    /** @param publicKey base64 of the X.509 SubjectPublicKeyInfo of an Ed25519 key */
    public record PolicyKey(String keyId, String publicKey) {}

    public record KafkaTopics(@Nullable String bootstrap, Map<String, String> topics) {}
}
