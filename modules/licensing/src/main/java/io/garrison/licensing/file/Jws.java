package io.garrison.licensing.file;

import io.garrison.licensing.LicenseFileException.FileRefused;
import io.garrison.licensing.LicenseFileException.Flaw;
import java.nio.charset.StandardCharsets;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A compact JWS whose header has been read and whose signature has not been checked yet. The payload comes out of
 * {@link #verified} only.
 *
 * @param keyId key that it claims to be signed with
 * @param parent the licence that vouches for that key; only in a sub-licence
 */
record Jws(String keyId, @Nullable String parent, String signingInput, byte[] payload, byte[] signature) {

    private static final String TYPE = "garrison-lic+jwt";
    private static final Set<String> KNOWN = Set.of("alg", "typ", "kid", "parent");

    /** Parameters by which a file would choose its own key or change what is signed (RFC 7515 section 4.1, RFC 7797). */
    private static final Set<String> TAKEOVER =
            Set.of("jku", "jwk", "x5u", "x5c", "x5t", "x5t#S256", "crit", "b64", "zip", "enc");

    static String sign(PrivateKey key, String keyId, @Nullable String parent, Map<String, ?> claims) {
        var header = new LinkedHashMap<String, String>();
        header.put("alg", "EdDSA");
        header.put("typ", TYPE);
        header.put("kid", keyId);
        if (parent != null) {
            header.put("parent", parent);
        }
        var input = encode(StrictJson.write(header)) + "." + encode(StrictJson.write(claims));
        return input + "." + encode(Ed25519.sign(key, input.getBytes(StandardCharsets.US_ASCII)));
    }

    /** @throws FileRefused if this is not a JWS of our kind */
    static Jws parse(String text) {
        var parts = text.split("\\.", -1);
        if (parts.length != 3) {
            throw StrictJson.malformed("it does not have three parts");
        }
        var header = StrictJson.read(decode(parts[0]));
        checkAlgorithm(header);
        if (!KNOWN.containsAll(header.keySet())) {
            throw StrictJson.malformed("its header has a parameter that is not known");
        }
        if (!TYPE.equals(header.get("typ"))) {
            throw StrictJson.malformed("its type is not " + TYPE);
        }
        var claims = new ClaimReader(header);
        var parent = header.containsKey("parent") ? claims.text("parent", LicenseFile.MAX_CHARS) : null;
        return new Jws(
                claims.text("kid", 64), parent, parts[0] + "." + parts[1], decode(parts[1]), signature(parts[2]));
    }

    private static void checkAlgorithm(Map<String, Object> header) {
        for (var parameter : header.keySet()) {
            if (TAKEOVER.contains(parameter)) {
                throw new FileRefused(
                        Flaw.ALGORITHM_REFUSED, "A licence may not have the header parameter %s.".formatted(parameter));
            }
        }
        if (!"EdDSA".equals(header.get("alg"))) {
            throw new FileRefused(Flaw.ALGORITHM_REFUSED, "A licence is signed with EdDSA and nothing else.");
        }
    }

    /** Of the signature only its length counts here, so that a damaged one is called what it is. */
    private static byte[] signature(String text) {
        try {
            return decode(text);
        } catch (FileRefused e) {
            throw invalid();
        }
    }

    /**
     * The claims, once the signature holds.
     *
     * @throws FileRefused if it does not, or if the payload is not an object
     */
    Map<String, Object> verified(PublicKey key) {
        if (!Ed25519.verifies(key, signingInput.getBytes(StandardCharsets.US_ASCII), signature)) {
            throw invalid();
        }
        return StrictJson.read(payload);
    }

    private static FileRefused invalid() {
        return new FileRefused(
                Flaw.SIGNATURE_INVALID, "The signature does not hold. Ask the issuer for the file again, unchanged.");
    }

    static String encode(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** Takes the one canonical form: no padding, and nothing in the bits that the last character has to spare. */
    static byte[] decode(String text) {
        try {
            var bytes = Base64.getUrlDecoder().decode(text);
            if (encode(bytes).equals(text)) {
                return bytes;
            }
        } catch (IllegalArgumentException e) {
            throw StrictJson.malformed("it is not base64url (RFC 4648, section 5)");
        }
        throw StrictJson.malformed("its base64url is not canonical");
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Jws(var kid, var chain, var input, var claims, var signed)
                && keyId.equals(kid)
                && Objects.equals(parent, chain)
                && signingInput.equals(input)
                && Arrays.equals(payload, claims)
                && Arrays.equals(signature, signed);
    }

    @Override
    public int hashCode() {
        return signingInput.hashCode();
    }
}
