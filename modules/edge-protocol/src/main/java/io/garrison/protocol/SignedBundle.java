package io.garrison.protocol;

/**
 * A policy bundle, or an instance's plan, and its signature. The bytes that were signed travel as they are, so that no reader has to reproduce
 * them.
 *
 * @param keyId names the public key, one of {@link EnrollResponse#policyKeys()}
 * @param payload base64url, without padding, of the RFC 8785 form of a {@link PolicyBundle} or an {@link InstancePlan}
 * @param signature base64url, without padding, of the Ed25519 signature over the purpose and the payload; see
 *     {@link BundleSigning} and {@link PlanSigning}
 */
public record SignedBundle(String keyId, String payload, String signature) {}
