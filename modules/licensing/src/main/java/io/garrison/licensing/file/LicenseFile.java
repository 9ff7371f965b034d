package io.garrison.licensing.file;

import io.garrison.licensing.Entitlements;
import io.garrison.licensing.LicenseFileException.FileRefused;
import io.garrison.licensing.LicenseFileException.Flaw;
import io.garrison.licensing.Overages;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.spec.InvalidKeySpecException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Makes and checks licence files. A vendor's licence is {@code <JWS>~<signing key>}: the second part is the private key
 * that belongs to the public key in the claims, so this file is a secret. A sub-licence is a JWS alone and carries its
 * parent's JWS, but never a key.
 *
 * <p>Checks run from cheap to dear: size, form, algorithm, key, signature, and only then the claims.
 */
public final class LicenseFile {

    /** Longest file that is read at all. */
    public static final int MAX_CHARS = 64 * 1024;

    private static final char SEPARATOR = '~';

    private LicenseFile() {}

    /**
     * A vendor's licence that holds.
     *
     * @param jws the licence without its signing key
     * @param vendorKeyId the key that it was signed with
     */
    public record Loaded(MsspLicense license, String jws, String vendorKeyId, SigningKey signingKey) {}

    /** A sub-licence that holds, and the licence that it hangs on. */
    public record Chain(MsspLicense parent, SubLicense child) {}

    /** The 32 secret bytes by which an MSSP signs. */
    public record SigningKey(byte[] bytes) {
        @Override
        public String toString() {
            return "SigningKey[secret]";
        }
    }

    /**
     * Makes a signing key for the MSSP, names it in the claims, and appends it to the signed licence.
     *
     * @param claims makes the claims around the new public key
     */
    public static Loaded issue(VendorKey vendor, Function<PublicKey, MsspLicense> claims) {
        var pair = Ed25519.generate();
        var license = claims.apply(pair.getPublic());
        var jws = Jws.sign(vendor.privateKey(), vendor.keyId(), null, license.claims());
        return new Loaded(license, jws, vendor.keyId(), new SigningKey(Ed25519.raw(pair.getPrivate())));
    }

    /** Text of the licence file. Whoever has it can make sub-licences. */
    public static String text(Loaded issued) {
        return issued.jws + SEPARATOR + Jws.encode(issued.signingKey.bytes());
    }

    /**
     * Checks form, signature and signing key; not time and place, see {@link #requireUsable}.
     *
     * @throws FileRefused with the first flaw found
     */
    public static Loaded read(String text, VendorKeys trusted) {
        var file = bounded(text);
        int end = file.indexOf(SEPARATOR);
        var jws = end < 0 ? file : file.substring(0, end);
        var parsed = Jws.parse(jws);
        var license = verifyLicense(parsed, trusted);
        if (end < 0) {
            throw StrictJson.malformed("the signing key is missing behind the licence");
        }
        var key = Jws.decode(file.substring(end + 1));
        try {
            if (Ed25519.match(Ed25519.privateKey(key), license.signingKey())) {
                return new Loaded(license, jws, parsed.keyId(), new SigningKey(key));
            }
        } catch (InvalidKeySpecException e) {
            throw StrictJson.malformed("the signing key behind the licence does not have 32 bytes");
        }
        throw new FileRefused(
                Flaw.SIGNATURE_INVALID, "The signing key behind the licence is not the one that the licence names.");
    }

    /**
     * Signs a share of the licence.
     *
     * @param parentJws the MSSP's licence, as {@link Loaded#jws} has it
     */
    public static String sign(SubLicense claims, String parentJws, String signingKeyId, SigningKey key) {
        try {
            return Jws.sign(Ed25519.privateKey(key.bytes()), signingKeyId, parentJws, claims.claims());
        } catch (InvalidKeySpecException e) {
            throw new IllegalStateException("the signing key was damaged", e);
        }
    }

    /**
     * Checks a sub-licence and the licence within it, by the vendors' keys alone; not the time.
     *
     * @throws FileRefused with the first flaw found
     */
    public static Chain readSubLicense(String text, VendorKeys trusted) {
        var jws = Jws.parse(bounded(text));
        if (jws.parent() == null) {
            throw StrictJson.malformed("it carries no parent, so it is not a sub-licence");
        }
        var parent = verifyLicense(Jws.parse(jws.parent()), trusted);
        if (!parent.signingKeyId().equals(jws.keyId())) {
            throw unknownKey("The sub-licence is signed with a key that its licence does not name.");
        }
        var child = SubLicense.read(jws.verified(parent.signingKey()));
        requireWithin(parent, child);
        return new Chain(parent, child);
    }

    /** Whether the text looks like a sub-licence: it names a parent. Says nothing about whether it holds. */
    public static boolean isSubLicense(String text) {
        var file = bounded(text);
        int end = file.indexOf(SEPARATOR);
        return Jws.parse(end < 0 ? file : file.substring(0, end)).parent() != null;
    }

    /**
     * What a file claims, for people to look at. A sub-licence shows its parent's claims under {@code parent}.
     *
     * @throws FileRefused if it cannot be read
     */
    public static Map<String, Object> unverifiedClaims(String text) {
        var file = bounded(text);
        int end = file.indexOf(SEPARATOR);
        var jws = Jws.parse(end < 0 ? file : file.substring(0, end));
        var claims = new LinkedHashMap<>(StrictJson.read(jws.payload()));
        if (jws.parent() != null) {
            claims.put("parent", StrictJson.read(Jws.parse(jws.parent()).payload()));
        }
        return claims;
    }

    /** Serial of a sub-licence that has been verified, from 1; files of before there were serials count as 1. */
    public static long serialOf(String subLicense) {
        var claims = StrictJson.read(Jws.parse(bounded(subLicense)).payload());
        return claims.get("serial") instanceof Long serial ? serial : 1;
    }

    /** When a licence or a sub-licence that has been verified was signed. */
    public static Instant issuedAt(String verified) {
        return new ClaimReader(StrictJson.read(Jws.parse(bounded(verified)).payload())).second("iat");
    }

    /** The key as the JDK has it. */
    public static PrivateKey privateKey(SigningKey key) {
        try {
            return Ed25519.privateKey(key.bytes());
        } catch (InvalidKeySpecException e) {
            throw new IllegalStateException("the signing key was damaged", e);
        }
    }

    /**
     * @param deployment this installation
     * @throws FileRefused if the licence is over, has not begun, or is for another installation
     */
    public static void requireUsable(MsspLicense license, Instant now, @Nullable UUID deployment) {
        requireInTime(license.from(), license.until(), now);
        if (deployment != null
                && license.deployment() != null
                && !license.deployment().equals(deployment)) {
            throw new FileRefused(
                    Flaw.WRONG_DEPLOYMENT,
                    "The licence is for installation %s; this one is %s. Ask the vendor for a licence for it."
                            .formatted(license.deployment(), deployment));
        }
    }

    /** @throws FileRefused if it is over or has not begun */
    public static void requireInTime(Instant from, Instant until, Instant now) {
        if (!now.isBefore(until)) {
            throw new FileRefused(Flaw.EXPIRED, "The licence was valid until %s; now is %s.".formatted(until, now));
        }
        if (now.isBefore(from)) {
            throw new FileRefused(
                    Flaw.NOT_YET_VALID, "The licence is valid from %s on; now is %s.".formatted(from, now));
        }
    }

    private static MsspLicense verifyLicense(Jws jws, VendorKeys trusted) {
        if (jws.parent() != null) {
            throw unknownKey("A sub-licence stands where a vendor's licence belongs.");
        }
        var key = trusted.find(jws.keyId())
                .orElseThrow(() -> unknownKey("The licence is signed with a key that is not trusted here."));
        var license = MsspLicense.read(jws.verified(key));
        requireOrder(license.from(), license.until());
        return license;
    }

    private static void requireWithin(MsspLicense parent, SubLicense child) {
        requireOrder(child.from(), child.until());
        boolean within = child.parent().equals(parent.id())
                && !child.from().isBefore(parent.from())
                && !child.until().isAfter(parent.until())
                && fits(parent.entitlements(), child.entitlements())
                && ceilingsFit(parent.entitlements(), child.overages());
        if (!within) {
            throw new FileRefused(
                    Flaw.EXCEEDS_PARENT, "The sub-licence claims something that its parent does not grant.");
        }
    }

    private static boolean fits(Entitlements parent, Entitlements child) {
        return child.instances() <= parent.instances()
                && child.throughputBps() <= parent.throughputBps()
                && child.virtualServices() <= parent.virtualServices()
                && parent.features().containsAll(child.features());
    }

    private static boolean ceilingsFit(Entitlements parent, Overages overages) {
        return overages.byMetric().entrySet().stream()
                .allMatch(line ->
                        line.getValue().ceiling() == null || line.getValue().ceiling() <= parent.limit(line.getKey()));
    }

    private static void requireOrder(Instant from, Instant until) {
        if (!from.isBefore(until)) {
            throw StrictJson.malformed("its validity ends before it begins");
        }
    }

    private static FileRefused unknownKey(String detail) {
        return new FileRefused(Flaw.UNKNOWN_KEY, detail);
    }

    /** Without the line end that editors add. */
    private static String bounded(String text) {
        if (text.length() > MAX_CHARS) {
            throw new FileRefused(Flaw.TOO_LARGE, "A licence file has at most %d characters.".formatted(MAX_CHARS));
        }
        if (text.endsWith("\r\n")) {
            return text.substring(0, text.length() - 2);
        }
        return text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
    }
}
