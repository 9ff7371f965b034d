package io.garrison.licensing.file;

import io.garrison.licensing.Entitlements;
import io.garrison.licensing.Overages;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The claims by which an MSSP gives one tenant a share of its licence.
 *
 * @param parent id of the MSSP's licence
 * @param mode deployment mode of the tenant
 * @param until first instant at which it is over; its grace begins then
 * @param graceDays 0 to {@value #MAX_GRACE_DAYS}
 * @param serial 1 for the first file under this id, and one more with each file that replaces it. Files made before there
 *     were serials have none, and count as the first
 * @param holder who it is for, as far as the file says
 * @param overages what happens beyond the limits
 * @param suspended whether nothing new may be made under it until a file with a higher serial says otherwise
 * @param federation where an installation that runs on this file reports to; null if the file does not say
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
        Entitlements entitlements,
        long serial,
        Holder holder,
        Overages overages,
        boolean suspended,
        @Nullable Federation federation) {

    public static final int MAX_GRACE_DAYS = 365;
    private static final Set<String> CLAIMS = Set.of(
            "ver",
            "kind",
            "jti",
            "serial",
            "parentId",
            "tenant",
            "tenantName",
            "tenantSlug",
            "tenantTimeZone",
            "tenantEmail",
            "mode",
            "iat",
            "nbf",
            "exp",
            "graceDays",
            "entitlements",
            "overage",
            "suspended",
            "federation");

    /**
     * What an installation that loads the file needs to make the tenant. Each is null if the file does not say it.
     *
     * @param slug 1 to 63 of a-z, 0-9 and -, not beginning or ending with -
     * @param timeZone IANA zone
     */
    public record Holder(
            @Nullable String name,
            @Nullable String slug,
            @Nullable String timeZone,
            @Nullable String email) {

        public static final Holder UNNAMED = new Holder(null, null, null, null);

        private void putInto(Map<String, Object> claims) {
            put(claims, "tenantName", name);
            put(claims, "tenantSlug", slug);
            put(claims, "tenantTimeZone", timeZone);
            put(claims, "tenantEmail", email);
        }

        private static void put(Map<String, Object> claims, String claim, @Nullable String value) {
            if (value != null) {
                claims.put(claim, value);
            }
        }
    }

    /** One that does not say where to report to. */
    public SubLicense(
            UUID id,
            UUID parent,
            UUID tenant,
            String mode,
            Instant issuedAt,
            Instant from,
            Instant until,
            int graceDays,
            Entitlements entitlements,
            long serial,
            Holder holder,
            Overages overages,
            boolean suspended) {
        this(
                id,
                parent,
                tenant,
                mode,
                issuedAt,
                from,
                until,
                graceDays,
                entitlements,
                serial,
                holder,
                overages,
                suspended,
                null);
    }

    /** The first file of a sub-licence whose holder is known by its id alone, and with nothing beyond the limits. */
    public SubLicense(
            UUID id,
            UUID parent,
            UUID tenant,
            String mode,
            Instant issuedAt,
            Instant from,
            Instant until,
            int graceDays,
            Entitlements entitlements) {
        this(
                id,
                parent,
                tenant,
                mode,
                issuedAt,
                from,
                until,
                graceDays,
                entitlements,
                1,
                Holder.UNNAMED,
                Overages.NONE,
                false);
    }

    /** As they stand in the file, in its order. */
    public Map<String, Object> claims() {
        var claims = new LinkedHashMap<String, Object>();
        claims.put("ver", 1L);
        claims.put("kind", "sub");
        claims.put("jti", id.toString());
        claims.put("serial", serial);
        claims.put("parentId", parent.toString());
        claims.put("tenant", tenant.toString());
        holder.putInto(claims);
        claims.put("mode", mode);
        claims.put("iat", issuedAt.getEpochSecond());
        claims.put("nbf", from.getEpochSecond());
        claims.put("exp", until.getEpochSecond());
        claims.put("graceDays", (long) graceDays);
        claims.put("entitlements", MsspLicense.entitlementClaims(entitlements));
        if (!overages.byMetric().isEmpty()) {
            claims.put("overage", OverageClaims.of(overages));
        }
        if (suspended) {
            claims.put("suspended", true);
        }
        if (federation != null) {
            claims.put("federation", federation.claims());
        }
        return claims;
    }

    static SubLicense read(Map<String, Object> verified) {
        var claims = new ClaimReader(verified);
        claims.allow(CLAIMS);
        claims.exactly("ver", 1L);
        claims.exactly("kind", "sub");
        var entitlements = claims.entitlements();
        return new SubLicense(
                claims.uuid("jti"),
                claims.uuid("parentId"),
                claims.uuid("tenant"),
                claims.text("mode", 32),
                claims.second("iat"),
                claims.second("nbf"),
                claims.second("exp"),
                (int) claims.number("graceDays", MAX_GRACE_DAYS),
                entitlements,
                claims.has("serial") ? claims.number("serial", 1, Long.MAX_VALUE) : 1,
                HolderClaims.read(claims),
                claims.has("overage") ? OverageClaims.read(claims.object("overage"), entitlements) : Overages.NONE,
                claims.flag("suspended"),
                claims.has("federation") ? Federation.read(claims.object("federation")) : null);
    }
}
