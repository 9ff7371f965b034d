package io.garrison.edge.testing;

import io.garrison.protocol.Lease;
import io.garrison.protocol.LeaseSigning;
import io.garrison.protocol.LeaseTrust;
import io.garrison.protocol.ProtocolJson;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** A vendor, an MSSP with a licence, and a sub-licence of the tests' tenant: what leases hang on. */
public final class TestLeases {

    private static final String TYPE = "garrison-lic+jwt";

    private final KeyPair vendor = key();
    private final KeyPair mssp = key();
    private final UUID license = UUID.randomUUID();
    private final UUID subLicense = UUID.randomUUID();

    public LeaseTrust trust() {
        return new LeaseTrust(List.of(LeaseTrust.Key.of(vendor.getPublic())), List.of());
    }

    public String online(Instant issuedAt, Instant until, Instant graceUntil) {
        return lease(ScriptedGateway.INSTANCE, issuedAt, until, graceUntil, false);
    }

    public String offline(Instant issuedAt, Instant until) {
        return lease(ScriptedGateway.INSTANCE, issuedAt, until, until.plusSeconds(30 * 86_400), true);
    }

    public String lease(UUID instance, Instant issuedAt, Instant until, Instant graceUntil, boolean offline) {
        var lease = new Lease(
                UUID.randomUUID(),
                subLicense,
                1,
                ScriptedGateway.TENANT,
                instance,
                issuedAt,
                until,
                graceUntil,
                offline,
                Lease.Signer.MSSP,
                new Lease.Share(1_000_000, 10, List.of("waf")));
        return LeaseSigning.sign(lease, id(mssp), subLicense(), mssp.getPrivate());
    }

    private String subLicense() {
        byte[] der = mssp.getPublic().getEncoded();
        var x = base64(Arrays.copyOfRange(der, der.length - 32, der.length));
        var root = jws(
                vendor,
                Map.of("alg", "EdDSA", "typ", TYPE, "kid", id(vendor)),
                Map.of("kind", "mssp", "jti", license.toString(), "signingKey", Map.of("x", x)));
        return jws(
                mssp,
                Map.of("alg", "EdDSA", "typ", TYPE, "kid", id(mssp), "parent", root),
                Map.of(
                        "kind",
                        "sub",
                        "jti",
                        subLicense.toString(),
                        "parentId",
                        license.toString(),
                        "tenant",
                        ScriptedGateway.TENANT.toString(),
                        "exp",
                        4_000_000_000L,
                        "graceDays",
                        14));
    }

    private static String jws(KeyPair pair, Map<String, ?> header, Map<String, ?> claims) {
        var input = base64(ProtocolJson.write(header)) + "." + base64(ProtocolJson.write(claims));
        try {
            var signature = Signature.getInstance("Ed25519");
            signature.initSign(pair.getPrivate());
            signature.update(input.getBytes(StandardCharsets.US_ASCII));
            return input + "." + base64(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static String id(KeyPair pair) {
        return LeaseSigning.thumbprint(pair.getPublic());
    }

    private static KeyPair key() {
        try {
            return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
