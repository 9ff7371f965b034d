package io.garrison.protocol;

import io.garrison.protocol.CompactJws.Algorithm;
import io.garrison.protocol.Lease.Share;
import io.garrison.protocol.Lease.Signer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Signs leases and verifies them. A lease is a compact JWS of type {@value #TYPE} with EdDSA (RFC 8037), whatever its
 * header says, and carries its sub-licence as {@code parent}, which carries the MSSP's licence: vendor's key → licence →
 * sub-licence → lease.
 */
public final class LeaseSigning {

    public static final String TYPE = "garrison-lease+jwt";

    private static final String LICENSE_TYPE = "garrison-lic+jwt";
    private static final Set<String> HEADER = Set.of("kid", "parent");

    /** Everything before the key in the DER form of a public key (RFC 8410, section 10.1). */
    private static final byte[] SPKI = HexFormat.of().parseHex("302a300506032b6570032100");

    private LeaseSigning() {}

    /**
     * @param keyId thumbprint of the key that signs
     * @param subLicense the signed sub-licence
     */
    public static String sign(Lease lease, String keyId, String subLicense, PrivateKey key) {
        var header = new LinkedHashMap<String, Object>();
        header.put("kid", keyId);
        header.put("parent", subLicense);
        return CompactJws.sign(Algorithm.EDDSA, TYPE, header, claims(lease), key);
    }

    /** Whether a text looks like a lease. Says nothing about whether it holds. */
    public static boolean isLease(String text) {
        return TYPE.equals(CompactJws.typeOf(text));
    }

    /** The sub-licence that a lease carries; not verified. @throws UntrustedLeaseException if it is no lease */
    public static String subLicense(String text) {
        return CompactJws.parse(text, Algorithm.EDDSA, TYPE, HEADER).header().text("parent");
    }

    /**
     * Checks the whole chain; not the time.
     *
     * @throws UntrustedLeaseException with the first flaw found
     */
    public static Lease verify(String text, LeaseTrust trust) {
        var jws = CompactJws.parse(text, Algorithm.EDDSA, TYPE, HEADER);
        var parent = CompactJws.parse(jws.header().text("parent"), Algorithm.EDDSA, LICENSE_TYPE, HEADER);
        var root = CompactJws.parse(parent.header().text("parent"), Algorithm.EDDSA, LICENSE_TYPE, HEADER);
        if (root.header().has("parent")) {
            throw unknownKey("A sub-licence stands where a vendor's licence belongs.");
        }
        var vendor = trust.vendor(root.header().text("kid"))
                .orElseThrow(() -> unknownKey("The licence is signed with a vendor's key that is not trusted here."));
        var license = root.verified(Algorithm.EDDSA, vendor);
        license.exactly("kind", "mssp");
        var signingKey = signingKey(license);
        var signingKeyId = thumbprint(signingKey);
        if (!signingKeyId.equals(parent.header().text("kid"))) {
            throw unknownKey("The sub-licence is signed with a key that its licence does not name.");
        }
        var subLicense = parent.verified(Algorithm.EDDSA, signingKey);
        subLicense.exactly("kind", "sub");
        subLicense.exactly("parentId", license.text("jti"));
        var keyId = jws.header().text("kid");
        if (keyId.equals(signingKeyId)) {
            return within(subLicense, lease(jws.verified(Algorithm.EDDSA, signingKey)), Signer.MSSP);
        }
        var own = trust.own(keyId)
                .orElseThrow(
                        () -> unknownKey(
                                "The lease is signed neither with the key of its licence nor with an installation's key that is trusted here."));
        return within(subLicense, lease(jws.verified(Algorithm.EDDSA, own)), Signer.INSTALLATION);
    }

    /** Key id: the thumbprint of an Ed25519 key as a JWK (RFC 7638, RFC 8037 section 2). */
    public static String thumbprint(PublicKey key) {
        byte[] der = key.getEncoded();
        if (der.length != SPKI.length + 32 || !Arrays.equals(der, 0, SPKI.length, SPKI, 0, SPKI.length)) {
            throw new IllegalArgumentException("not an Ed25519 key");
        }
        var x = CompactJws.encode(Arrays.copyOfRange(der, SPKI.length, der.length));
        var jwk = "{\"crv\":\"Ed25519\",\"kty\":\"OKP\",\"x\":\"%s\"}".formatted(x);
        try {
            return CompactJws.encode(
                    MessageDigest.getInstance("SHA-256").digest(jwk.getBytes(StandardCharsets.US_ASCII)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static PublicKey signingKey(JwsClaims license) {
        byte[] raw = CompactJws.decode(license.object("signingKey").text("x"));
        byte[] der = Arrays.copyOf(SPKI, SPKI.length + 32);
        if (raw.length != 32) {
            throw CompactJws.malformed("\"signingKey\" is not an Ed25519 key");
        }
        System.arraycopy(raw, 0, der, SPKI.length, 32);
        try {
            return KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(der));
        } catch (GeneralSecurityException e) {
            throw CompactJws.malformed("\"signingKey\" is not an Ed25519 key");
        }
    }

    /** A lease says nothing that its sub-licence does not. */
    private static Lease within(JwsClaims subLicense, Lease lease, Signer signer) {
        var ends = subLicense.second("exp").plus(Duration.ofDays(subLicense.number("graceDays")));
        long serial = subLicense.has("serial") ? subLicense.number("serial") : 1;
        boolean within = lease.signedBy() == signer
                && lease.subLicense().equals(subLicense.uuid("jti"))
                && lease.tenant().equals(subLicense.uuid("tenant"))
                && lease.serial() == serial
                && !lease.until().isAfter(ends);
        if (!within) {
            throw new UntrustedLeaseException(
                    "lease.chain-broken", "The lease claims something that its sub-licence does not grant.");
        }
        return lease;
    }

    private static Map<String, Object> claims(Lease lease) {
        var share = new LinkedHashMap<String, Object>();
        share.put("instances", 1);
        share.put("throughputBps", lease.share().throughputBps());
        share.put("virtualServices", lease.share().virtualServices());
        share.put("features", lease.share().features());
        var claims = new LinkedHashMap<String, Object>();
        claims.put("ver", 1);
        claims.put("kind", "lease");
        claims.put("jti", lease.id().toString());
        claims.put("subLicense", lease.subLicense().toString());
        claims.put("serial", lease.serial());
        claims.put("tenant", lease.tenant().toString());
        claims.put("instance", lease.instance().toString());
        claims.put("iat", lease.issuedAt().getEpochSecond());
        claims.put("exp", lease.until().getEpochSecond());
        claims.put("graceUntil", lease.graceUntil().getEpochSecond());
        claims.put("offline", lease.offline());
        claims.put("signedBy", lease.signedBy().name().toLowerCase(Locale.ROOT));
        claims.put("share", share);
        return claims;
    }

    private static Lease lease(JwsClaims claims) {
        if (claims.number("ver") != 1) {
            throw CompactJws.malformed("this release does not know its version");
        }
        claims.exactly("kind", "lease");
        Instant issuedAt = claims.second("iat");
        Instant until = claims.second("exp");
        if (!issuedAt.isBefore(until)) {
            throw CompactJws.malformed("it ends before it begins");
        }
        var share = claims.object("share");
        return new Lease(
                claims.uuid("jti"),
                claims.uuid("subLicense"),
                claims.number("serial"),
                claims.uuid("tenant"),
                claims.uuid("instance"),
                issuedAt,
                until,
                claims.second("graceUntil"),
                claims.flag("offline"),
                signer(claims.text("signedBy")),
                new Share(
                        share.number("throughputBps"),
                        share.number("virtualServices"),
                        List.copyOf(share.texts("features"))));
    }

    private static Signer signer(String name) {
        return switch (name) {
            case "mssp" -> Signer.MSSP;
            case "installation" -> Signer.INSTALLATION;
            default -> throw CompactJws.malformed("\"signedBy\" must be mssp or installation");
        };
    }

    private static UntrustedLeaseException unknownKey(String detail) {
        return new UntrustedLeaseException("lease.unknown-key", detail);
    }
}
