package io.garrison.licensing.file;

import io.garrison.licensing.file.SubLicense.Holder;
import java.time.ZoneId;
import java.util.regex.Pattern;

/** Reads who a sub-licence is for: by the rules for tenants, so that what holds here makes a tenant there. */
final class HolderClaims {

    private static final int MAX_EMAIL = 254; // RFC 5321, section 4.5.3.1.3, less the angle brackets
    private static final Pattern SLUG = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");
    private static final Pattern EMAIL =
            Pattern.compile("[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9]([A-Za-z0-9.-]{0,250}[A-Za-z0-9])?");

    private HolderClaims() {}

    static Holder read(ClaimReader claims) {
        return new Holder(
                claims.has("tenantName") ? name(claims) : null,
                claims.has("tenantSlug") ? matching(claims, "tenantSlug", 63, SLUG) : null,
                claims.has("tenantTimeZone") ? timeZone(claims) : null,
                claims.has("tenantEmail") ? matching(claims, "tenantEmail", MAX_EMAIL, EMAIL) : null);
    }

    private static String name(ClaimReader claims) {
        var name = claims.text("tenantName", MsspLicense.MAX_NAME);
        if (name.isBlank() || name.codePoints().anyMatch(HolderClaims::isUnprintable)) {
            throw StrictJson.malformed("\"tenantName\" must not be blank and have no control characters");
        }
        return name;
    }

    private static String timeZone(ClaimReader claims) {
        var zone = claims.text("tenantTimeZone", 64);
        if (!ZoneId.getAvailableZoneIds().contains(zone)) {
            throw StrictJson.malformed("\"tenantTimeZone\" is not an IANA time zone that is known here");
        }
        return zone;
    }

    private static String matching(ClaimReader claims, String name, int max, Pattern pattern) {
        var text = claims.text(name, max);
        if (!pattern.matcher(text).matches()) {
            throw StrictJson.malformed("\"%s\" does not have the form that it must have".formatted(name));
        }
        return text;
    }

    private static boolean isUnprintable(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.SURROGATE,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> true;
            default -> false;
        };
    }
}
