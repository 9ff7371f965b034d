package io.garrison.protocol;

/**
 * A policy bundle and its signature. The bytes that were signed travel as they are, so that no reader has to reproduce
 * them.
 *
 * @param keyId names the public key, one of {@link EnrollResponse#policyKeys()}
 * @param payload base64url, without padding, of the RFC 8785 form of a {@link PolicyBundle}
 * @param signature base64url, without padding, of the Ed25519 signature over {@link BundleSigning#signedBytes}
 */
public record SignedBundle(String keyId, String payload, String signature) {}
