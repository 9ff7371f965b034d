package io.garrison.licensing.file;

import java.security.PublicKey;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The vendors' keys that are trusted here, by key id. Several, so that an old and a new one can overlap. */
public final class VendorKeys {

    private final Map<String, PublicKey> byId;

    private VendorKeys(List<PublicKey> keys) {
        this.byId = keys.stream().collect(Collectors.toUnmodifiableMap(Ed25519::thumbprint, key -> key, (a, b) -> a));
    }

    /** Trusts nobody: every licence is refused. */
    public static VendorKeys none() {
        return new VendorKeys(List.of());
    }

    /**
     * @param pem text of {@code vendor.pub}: one or more public keys
     * @throws IllegalArgumentException if there is none, or something else beside
     */
    public static VendorKeys parse(String pem) {
        return new VendorKeys(Pem.publicKeys(pem));
    }

    /** Text of a file of keys with this one. */
    public static String pem(PublicKey key) {
        return Pem.text(key);
    }

    public Collection<PublicKey> all() {
        return byId.values();
    }

    Optional<PublicKey> find(String keyId) {
        return Optional.ofNullable(byId.get(keyId));
    }
}
