package io.garrison.protocol;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.util.Base64;
import java.util.Map;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * A compact JWS (RFC 7515) whose header has been read and whose signature has not been checked yet; the claims come out
 * of {@link #verified} only. The caller says which algorithm it is, never the text.
 */
final class CompactJws {

    static final int MAX_CHARS = 128 * 1024;

    private static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(8)
                            .maxNumberLength(20)
                            .maxStringLength(MAX_CHARS)
                            .maxDocumentLength(MAX_CHARS)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final JwsClaims header;
    private final String signingInput;
    private final byte[] payload;
    private final byte[] signature;

    private CompactJws(JwsClaims header, String signingInput, byte[] payload, byte[] signature) {
        this.header = header;
        this.signingInput = signingInput;
        this.payload = payload;
        this.signature = signature;
    }

    /** An algorithm as JOSE and the JDK call it. */
    enum Algorithm {
        EDDSA("EdDSA", "Ed25519"),
        ES256("ES256", "SHA256withECDSAinP1363Format");

        private final String joseName;
        private final String jdkName;

        Algorithm(String joseName, String jdkName) {
            this.joseName = joseName;
            this.jdkName = jdkName;
        }
    }

    /** @param header what is named beside {@code alg} and {@code typ} */
    static String sign(Algorithm algorithm, String type, Map<String, ?> header, Map<String, ?> claims, PrivateKey key) {
        var whole = new java.util.LinkedHashMap<String, Object>();
        whole.put("alg", algorithm.joseName);
        whole.put("typ", type);
        whole.putAll(header);
        var input = encode(JSON.writeValueAsBytes(whole)) + "." + encode(JSON.writeValueAsBytes(claims));
        try {
            var signer = Signature.getInstance(algorithm.jdkName);
            signer.initSign(key);
            signer.update(input.getBytes(StandardCharsets.US_ASCII));
            return input + "." + encode(signer.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("cannot sign with " + algorithm.joseName, e);
        }
    }

    /** The type that a text claims; empty if it is no JWS. Says nothing about whether it holds. */
    static String typeOf(String text) {
        int dot = text.indexOf('.');
        if (dot < 0 || text.length() > MAX_CHARS) {
            return "";
        }
        try {
            return object(decode(text.substring(0, dot))).text("typ");
        } catch (UntrustedLeaseException e) {
            return "";
        }
    }

    /**
     * @param known the names that the header may have beside {@code alg} and {@code typ}
     * @throws UntrustedLeaseException if it is not a JWS of this kind
     */
    static CompactJws parse(String text, Algorithm algorithm, String type, Set<String> known) {
        if (text.length() > MAX_CHARS) {
            throw new UntrustedLeaseException(
                    "lease.too-large", "It has more than %d characters.".formatted(MAX_CHARS));
        }
        var parts = text.split("\\.", -1);
        if (parts.length != 3) {
            throw malformed("it does not have three parts");
        }
        var header = object(decode(parts[0]));
        if (!algorithm.joseName.equals(header.values().get("alg"))) {
            throw new UntrustedLeaseException(
                    "lease.algorithm-refused", "It must be signed with %s.".formatted(algorithm.joseName));
        }
        for (var name : header.values().keySet()) {
            if (!name.equals("alg") && !name.equals("typ") && !known.contains(name)) {
                throw new UntrustedLeaseException(
                        "lease.algorithm-refused", "Its header may not have the parameter %s.".formatted(name));
            }
        }
        if (!type.equals(header.values().get("typ"))) {
            throw malformed("its type is not " + type);
        }
        return new CompactJws(header, parts[0] + "." + parts[1], decode(parts[1]), decode(parts[2]));
    }

    JwsClaims header() {
        return header;
    }

    /** @throws UntrustedLeaseException if the signature does not hold */
    JwsClaims verified(Algorithm algorithm, PublicKey key) {
        try {
            var verifier = Signature.getInstance(algorithm.jdkName);
            verifier.initVerify(key);
            verifier.update(signingInput.getBytes(StandardCharsets.US_ASCII));
            if (verifier.verify(signature)) {
                return object(payload);
            }
        } catch (GeneralSecurityException e) {
            // a signature of a wrong form, or a key of another kind: nothing that was ever signed
        }
        throw new UntrustedLeaseException(
                "lease.signature-invalid", "A signature does not hold. The file was changed.");
    }

    static String encode(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** Takes the one canonical form only, so that no two texts mean the same. */
    static byte[] decode(String text) {
        try {
            var bytes = Base64.getUrlDecoder().decode(text);
            if (encode(bytes).equals(text)) {
                return bytes;
            }
        } catch (IllegalArgumentException e) {
            throw malformed("it is not base64url");
        }
        throw malformed("its base64url is not canonical");
    }

    private static JwsClaims object(byte[] json) {
        try {
            @SuppressWarnings("unchecked") // a JSON object becomes such a map
            var map = (Map<String, Object>) JSON.readValue(json, Map.class);
            if (map != null) {
                return new JwsClaims(map);
            }
        } catch (JacksonException e) {
            throw malformed("it is not JSON that is read here");
        }
        throw malformed("it is not a JSON object");
    }

    static UntrustedLeaseException malformed(String detail) {
        return new UntrustedLeaseException("lease.malformed", "It cannot be read: %s.".formatted(detail));
    }
}
