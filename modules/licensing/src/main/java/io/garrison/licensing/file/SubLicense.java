package io.garrison.licensing.file;

import io.garrison.licensing.Entitlements;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * The claims by which an MSSP gives one tenant a share of its licence.
 *
 * @param parent id of the MSSP's licence
 * @param mode deployment mode of the tenant
 * @param until first instant at which it is over; its grace begins then
 * @param graceDays 0 to {@value #MAX_GRACE_DAYS}
 */
public record SubLicense(
        UUID id,
        UUID parent,
        UUID tenant,
        String mode,
        Instant issuedAt,
        Instant from,
        Instant until,
        int graceDays,
        Entitlements entitlements) {

    public static final int MAX_GRACE_DAYS = 365;
    private static final Set<String> CLAIMS = Set.of(
            "ver", "kind", "jti", "parentId", "tenant", "mode", "iat", "nbf", "exp", "graceDays", "entitlements");

    /** As they stand in the file, in its order. */
    public Map<String, Object> claims() {
        var claims = new LinkedHashMap<String, Object>();
        claims.put("ver", 1L);
        claims.put("kind", "sub");
        claims.put("jti", id.toString());
        claims.put("parentId", parent.toString());
        claims.put("tenant", tenant.toString());
        claims.put("mode", mode);
        claims.put("iat", issuedAt.getEpochSecond());
        claims.put("nbf", from.getEpochSecond());
        claims.put("exp", until.getEpochSecond());
        claims.put("graceDays", (long) graceDays);
        claims.put("entitlements", MsspLicense.entitlementClaims(entitlements));
        return claims;
    }

    static SubLicense read(Map<String, Object> verified) {
        var claims = new ClaimReader(verified);
        claims.allow(CLAIMS);
        claims.exactly("ver", 1L);
        claims.exactly("kind", "sub");
        return new SubLicense(
                claims.uuid("jti"),
                claims.uuid("parentId"),
                claims.uuid("tenant"),
                claims.text("mode", 32),
                claims.second("iat"),
                claims.second("nbf"),
                claims.second("exp"),
                (int) claims.number("graceDays", MAX_GRACE_DAYS),
                claims.entitlements());
    }
}
