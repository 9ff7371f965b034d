package io.garrison.licensing.file;

import io.garrison.licensing.Entitlements;
import java.security.PublicKey;
import java.security.spec.InvalidKeySpecException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The claims by which a vendor makes somebody an MSSP.
 *
 * @param until first instant at which it is over
 * @param signingKey the key by which the MSSP signs sub-licences
 * @param deployment the one installation that may load it; null for any
 * @param demo a throw-away licence, which production refuses
 */
public record MsspLicense(
        UUID id,
        String name,
        Instant issuedAt,
        Instant from,
        Instant until,
        Entitlements entitlements,
        PublicKey signingKey,
        @Nullable UUID deployment,
        boolean demo) {

    public static final int MAX_NAME = 200;
    private static final Set<String> CLAIMS = Set.of(
            "ver", "kind", "jti", "sub", "iat", "nbf", "exp", "entitlements", "signingKey", "deployment", "demo");

    public String signingKeyId() {
        return Ed25519.thumbprint(signingKey);
    }

    /** As they stand in the file, in its order. */
    public Map<String, Object> claims() {
        var claims = new LinkedHashMap<String, Object>();
        claims.put("ver", 1L);
        claims.put("kind", "mssp");
        claims.put("jti", id.toString());
        claims.put("sub", name);
        claims.put("iat", issuedAt.getEpochSecond());
        claims.put("nbf", from.getEpochSecond());
        claims.put("exp", until.getEpochSecond());
        claims.put("entitlements", entitlementClaims(entitlements));
        claims.put(
                "signingKey", Map.of("x", Jws.encode(Ed25519.raw(signingKey)))); // kid is its thumbprint: no second say
        if (deployment != null) {
            claims.put("deployment", deployment.toString());
        }
        if (demo) {
            claims.put("demo", true);
        }
        return claims;
    }

    static Map<String, Object> entitlementClaims(Entitlements entitlements) {
        var lines = new LinkedHashMap<String, Object>();
        lines.put("instances", entitlements.instances());
        lines.put("throughputBps", entitlements.throughputBps());
        lines.put("virtualServices", entitlements.virtualServices());
        lines.put("features", entitlements.features());
        return lines;
    }

    static MsspLicense read(Map<String, Object> verified) {
        var claims = new ClaimReader(verified);
        claims.allow(CLAIMS);
        claims.exactly("ver", 1L);
        claims.exactly("kind", "mssp");
        var key = claims.object("signingKey");
        key.allow(Set.of("x"));
        try {
            return new MsspLicense(
                    claims.uuid("jti"),
                    claims.text("sub", MAX_NAME),
                    claims.second("iat"),
                    claims.second("nbf"),
                    claims.second("exp"),
                    claims.entitlements(),
                    Ed25519.publicKey(Jws.decode(key.text("x", 64))),
                    verified.containsKey("deployment") ? claims.uuid("deployment") : null,
                    claims.flag("demo"));
        } catch (InvalidKeySpecException e) {
            throw StrictJson.malformed("\"signingKey\" is not an Ed25519 key");
        }
    }
}
