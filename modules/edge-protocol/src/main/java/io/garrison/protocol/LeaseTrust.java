package io.garrison.protocol;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * The keys by which a lease is verified. An instance gets them when it enrols and with each renewal of its certificate.
 *
 * @param vendors keys that sign MSSP licences
 * @param installation the installation's own keys, for leases that no MSSP's key could sign
 */
public record LeaseTrust(List<Key> vendors, List<Key> installation) {

    public static final LeaseTrust NONE = new LeaseTrust(List.of(), List.of());

    public LeaseTrust {
        vendors = Absent.orEmpty(vendors);
        installation = Absent.orEmpty(installation);
    }

    /**
     * @param keyId thumbprint of the key as a JWK (RFC 7638, RFC 8037 section 2)
     * @param publicKey base64 of the X.509 SubjectPublicKeyInfo of an Ed25519 key
     */
    public record Key(String keyId, String publicKey) {

        public static Key of(PublicKey key) {
            return new Key(LeaseSigning.thumbprint(key), Base64.getEncoder().encodeToString(key.getEncoded()));
        }
    }

    Optional<PublicKey> vendor(String keyId) {
        return find(vendors, keyId);
    }

    Optional<PublicKey> own(String keyId) {
        return find(installation, keyId);
    }

    private static Optional<PublicKey> find(List<Key> keys, String keyId) {
        return keys.stream()
                .filter(key -> key.keyId().equals(keyId))
                .findFirst()
                .flatMap(LeaseTrust::decoded)
                .filter(key -> LeaseSigning.thumbprint(key).equals(keyId));
    }

    /** A key that is none is one that nothing verifies with. */
    private static Optional<PublicKey> decoded(Key key) {
        try {
            return Optional.of(KeyFactory.getInstance("Ed25519")
                    .generatePublic(new X509EncodedKeySpec(Base64.getDecoder().decode(key.publicKey()))));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
