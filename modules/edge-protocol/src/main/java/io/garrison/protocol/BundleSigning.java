package io.garrison.protocol;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.util.Base64;
import java.util.Map;

/** Signs policy bundles and verifies them. The algorithm is Ed25519 (RFC 8032), whatever a message says. */
public final class BundleSigning {

    private static final byte[] PURPOSE = "garrison-policy-bundle-v1\n".getBytes(StandardCharsets.US_ASCII);

    private BundleSigning() {}

    public static SignedBundle sign(PolicyBundle bundle, String keyId, PrivateKey key) {
        return sign(PURPOSE, ProtocolJson.canonical(bundle), keyId, key);
    }

    static SignedBundle sign(byte[] purpose, byte[] payload, String keyId, PrivateKey key) {
        try {
            var signer = Signature.getInstance("Ed25519");
            signer.initSign(key);
            signer.update(purpose);
            signer.update(payload);
            var encoder = Base64.getUrlEncoder().withoutPadding();
            return new SignedBundle(keyId, encoder.encodeToString(payload), encoder.encodeToString(signer.sign()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("cannot sign with Ed25519", e);
        }
    }

    /**
     * @param trusted public keys by key id
     * @throws UntrustedBundleException if the key is unknown, the signature does not hold, or the payload is no bundle
     */
    public static PolicyBundle verify(SignedBundle signed, Map<String, PublicKey> trusted) {
        try {
            var bundle = ProtocolJson.read(payload(PURPOSE, signed, trusted), PolicyBundle.class);
            if (!ProtocolJson.sha256(bundle.policy()).equals(bundle.policySha256())) {
                throw new UntrustedBundleException("policy does not have the digest that was signed");
            }
            return bundle;
        } catch (IllegalArgumentException e) {
            throw new UntrustedBundleException("not a signed bundle: " + e.getMessage());
        }
    }

    /** The payload, if a trusted key signed it for this purpose: a signature for something else never passes. */
    static byte[] payload(byte[] purpose, SignedBundle signed, Map<String, PublicKey> trusted) {
        var key = trusted.get(signed.keyId());
        if (key == null) {
            throw new UntrustedBundleException("signed by a key that this edge does not trust: " + signed.keyId());
        }
        try {
            byte[] payload = Base64.getUrlDecoder().decode(signed.payload());
            var verifier = Signature.getInstance("Ed25519");
            verifier.initVerify(key);
            verifier.update(purpose);
            verifier.update(payload);
            if (!verifier.verify(Base64.getUrlDecoder().decode(signed.signature()))) {
                throw new UntrustedBundleException("signature does not hold");
            }
            return payload;
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new UntrustedBundleException("not a signed bundle: " + e.getMessage());
        }
    }

    /** A bundle that must not be applied. */
    public static final class UntrustedBundleException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        public UntrustedBundleException(String message) {
            super(message);
        }
    }
}
