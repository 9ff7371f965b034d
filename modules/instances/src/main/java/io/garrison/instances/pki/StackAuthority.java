package io.garrison.instances.pki;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.interfaces.ECPrivateKey;
import java.security.spec.ECPoint;
import java.security.spec.ECPrivateKeySpec;
import java.security.spec.ECPublicKeySpec;
import java.util.Arrays;
import java.util.UUID;
import javax.crypto.KDF;
import javax.crypto.spec.HKDFParameterSpec;
import org.bouncycastle.crypto.ec.CustomNamedCurves;

/**
 * The authority of one stack. Its key follows from the key of the edges' authority, the tenant and the stack (HKDF with
 * SHA-256, RFC 5869; reduced to the group's order as in FIPS 186-5, A.2.1), so nothing more than that one key has to be
 * kept, and every replica of management has the same.
 */
public final class StackAuthority {

    private static final String PURPOSE = "garrison stack authority v1";

    /** 128 bits more than the order has, so that the reduction is not biased; then a serial number. */
    private static final int KEY_BYTES = 48;

    private static final int SERIAL_BYTES = 16;

    private StackAuthority() {}

    /**
     * The same key, name, serial number and validity each time, so that what was issued before holds by the certificate
     * made now.
     *
     * @param edges the authority of all edges; its key must be EC P-256
     */
    public static Authority of(Authority edges, UUID tenant, UUID stack) {
        if (!(edges.key() instanceof ECPrivateKey root)) {
            throw new IllegalArgumentException("the authority of the edges has no EC key");
        }
        byte[] drawn = drawn(root, tenant, stack);
        var order = root.getParams().getOrder();
        var secret = new BigInteger(1, Arrays.copyOf(drawn, KEY_BYTES))
                .mod(order.subtract(BigInteger.ONE))
                .add(BigInteger.ONE);
        var serial = new BigInteger(1, Arrays.copyOfRange(drawn, KEY_BYTES, drawn.length)).shiftRight(1);
        var certificate = edges.certificate();
        return Authority.rooted(
                "CN=Garrison stack " + stack + ",O=Garrison",
                pair(root, secret),
                serial.add(BigInteger.ONE),
                certificate.getNotBefore().toInstant(),
                certificate.getNotAfter().toInstant());
    }

    private static byte[] drawn(ECPrivateKey root, UUID tenant, UUID stack) {
        var info = new ByteArrayOutputStream();
        info.writeBytes(PURPOSE.getBytes(StandardCharsets.US_ASCII));
        for (var id : new UUID[] {tenant, stack}) {
            info.writeBytes(ByteBuffer.allocate(16)
                    .putLong(id.getMostSignificantBits())
                    .putLong(id.getLeastSignificantBits())
                    .array());
        }
        try {
            return KDF.getInstance("HKDF-SHA256")
                    .deriveData(HKDFParameterSpec.ofExtract()
                            .addIKM(fixed(root.getS()))
                            .thenExpand(info.toByteArray(), KEY_BYTES + SERIAL_BYTES));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HKDF", e);
        }
    }

    /** 32 bytes, whatever the number of leading zeros. */
    private static byte[] fixed(BigInteger secret) {
        byte[] bytes = secret.toByteArray();
        var fixed = new byte[32];
        int length = Math.min(bytes.length, fixed.length);
        System.arraycopy(bytes, bytes.length - length, fixed, fixed.length - length, length);
        return fixed;
    }

    private static KeyPair pair(ECPrivateKey root, BigInteger secret) {
        var point =
                CustomNamedCurves.getByName("secp256r1").getG().multiply(secret).normalize();
        var place = new ECPoint(
                point.getAffineXCoord().toBigInteger(), point.getAffineYCoord().toBigInteger());
        try {
            var factory = KeyFactory.getInstance("EC");
            return new KeyPair(
                    factory.generatePublic(new ECPublicKeySpec(place, root.getParams())),
                    factory.generatePrivate(new ECPrivateKeySpec(secret, root.getParams())));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has EC P-256", e);
        }
    }
}
