package io.garrison.protocol;

import io.garrison.protocol.CompactJws.Algorithm;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * A batch of usage that is carried by hand. The first line is a compact JWS of type {@value #TYPE}, ES256, that names the
 * sender's key, its sub-licence and the digest of the rest; the rest is a {@link SiteUsage}, byte for byte as it would go
 * over the network.
 */
public final class SiteUsageFile {

    public static final String TYPE = "garrison-usage+jwt";

    /** What the API takes. */
    public static final int MAX_BYTES = 2 * 1024 * 1024;

    private static final int MAX_STATEMENT = CompactJws.MAX_CHARS;

    private SiteUsageFile() {}

    /**
     * Who says what.
     *
     * @param installation id of the sender
     * @param mode in which it runs
     * @param number of the batch
     * @param sha256 of the batch
     * @param subLicense the signed file that the sender runs on
     */
    public record Statement(
            UUID installation,
            String mode,
            String version,
            long number,
            String sha256,
            Instant at,
            String subLicense) {}

    /** A file whose signature holds. Whether the key is that of the installation is for the reader to check. */
    public record Signed(Statement statement, PublicKey key, byte[] batch) {

        @Override
        public boolean equals(Object other) {
            return other instanceof Signed(var said, var theirs, var bytes)
                    && statement.equals(said)
                    && key.equals(theirs)
                    && Arrays.equals(batch, bytes);
        }

        @Override
        public int hashCode() {
            return statement.hashCode();
        }
    }

    public static byte[] sign(Statement statement, byte[] batch, PublicKey publicKey, PrivateKey key) {
        var claims = new LinkedHashMap<String, Object>();
        claims.put("ver", 1);
        claims.put("kind", "usage");
        claims.put("installation", statement.installation().toString());
        claims.put("mode", statement.mode());
        claims.put("version", statement.version());
        claims.put("number", statement.number());
        claims.put("sha256", statement.sha256());
        claims.put("iat", statement.at().getEpochSecond());
        claims.put("subLicense", statement.subLicense());
        var spki = Map.of("spki", Base64.getEncoder().encodeToString(publicKey.getEncoded()));
        byte[] first =
                (CompactJws.sign(Algorithm.ES256, TYPE, spki, claims, key) + "\n").getBytes(StandardCharsets.US_ASCII);
        byte[] file = Arrays.copyOf(first, first.length + batch.length);
        System.arraycopy(batch, 0, file, first.length, batch.length);
        return file;
    }

    /** @throws UntrustedLeaseException if it is no usage file, or was changed */
    public static Signed read(byte[] file) {
        int end = 0;
        while (end < file.length && end < MAX_STATEMENT && file[end] != '\n') {
            end++;
        }
        if (end == file.length || file[end] != '\n') {
            throw CompactJws.malformed("its first line is no signed statement");
        }
        var text = new String(file, 0, end, StandardCharsets.ISO_8859_1);
        var jws = CompactJws.parse(text, Algorithm.ES256, TYPE, Set.of("spki"));
        var key = key(jws.header().text("spki"));
        var claims = jws.verified(Algorithm.ES256, key);
        if (claims.number("ver") != 1) {
            throw CompactJws.malformed("this release does not know its version");
        }
        claims.exactly("kind", "usage");
        var statement = new Statement(
                claims.uuid("installation"),
                claims.text("mode"),
                claims.text("version"),
                claims.number("number"),
                claims.text("sha256"),
                claims.second("iat"),
                claims.text("subLicense"));
        byte[] batch = Arrays.copyOfRange(file, end + 1, file.length);
        if (!ProtocolJson.sha256Hex(batch).equals(statement.sha256())) {
            throw new UntrustedLeaseException(
                    "lease.signature-invalid", "The registers are not those that were signed. The file was changed.");
        }
        return new Signed(statement, key, batch);
    }

    private static PublicKey key(String spki) {
        try {
            return KeyFactory.getInstance("EC")
                    .generatePublic(new X509EncodedKeySpec(Base64.getDecoder().decode(spki)));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw CompactJws.malformed("it carries no key");
        }
    }
}
