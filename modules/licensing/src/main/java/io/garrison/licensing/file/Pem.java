package io.garrison.licensing.file;

import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.spec.InvalidKeySpecException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;

/** Keys as text (RFC 7468), as other tools read and write them too. */
final class Pem {

    private static final int MAX_CHARS = 16_384;
    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z ]+)-----\\s+([A-Za-z0-9+/=\\s]+?)\\s*-----END \\1-----\\s*");

    private Pem() {}

    private record Block(String label, byte[] der) {}

    static String text(PrivateKey key) {
        return text("PRIVATE KEY", key.getEncoded());
    }

    static String text(PublicKey key) {
        return text("PUBLIC KEY", key.getEncoded());
    }

    private static String text(String label, byte[] der) {
        var body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        return "-----BEGIN %1$s-----%n%2$s%n-----END %1$s-----%n"
                .replace("%n", "\n")
                .formatted(label, body);
    }

    static List<PublicKey> publicKeys(String pem) {
        var keys = new ArrayList<PublicKey>();
        for (var block : blocks(pem)) {
            if (!block.label.equals("PUBLIC KEY")) {
                throw new IllegalArgumentException(
                        "expected public keys only (vendor.pub), but found a " + block.label);
            }
            keys.add(publicKey(block.der));
        }
        return keys;
    }

    static VendorKey vendorKey(String pem) {
        var blocks = blocks(pem);
        if (blocks.size() != 2
                || !blocks.get(0).label.equals("PRIVATE KEY")
                || !blocks.get(1).label.equals("PUBLIC KEY")) {
            throw new IllegalArgumentException("expected a private key and its public key (vendor.key)");
        }
        var key = new VendorKey(privateKey(blocks.get(0).der), publicKey(blocks.get(1).der));
        if (!Ed25519.match(key.privateKey(), key.publicKey())) {
            throw new IllegalArgumentException("the private key and the public key do not belong together");
        }
        return key;
    }

    private static List<Block> blocks(String pem) {
        if (pem.length() > MAX_CHARS) {
            throw new IllegalArgumentException("a key file has at most " + MAX_CHARS + " characters");
        }
        var blocks = new ArrayList<Block>();
        var matcher = BLOCK.matcher(pem);
        int end = 0;
        while (matcher.find() && matcher.start() == end) {
            blocks.add(new Block(matcher.group(1), Base64.getMimeDecoder().decode(matcher.group(2))));
            end = matcher.end();
        }
        if (blocks.isEmpty() || end != pem.length()) {
            throw new IllegalArgumentException("not a key file: expected PEM blocks and nothing else");
        }
        return blocks;
    }

    private static PublicKey publicKey(byte[] der) {
        try {
            var key = Ed25519.publicKey(lastBytes(der));
            requireSame(der, key.getEncoded());
            return key;
        } catch (InvalidKeySpecException e) {
            throw new IllegalArgumentException("not an Ed25519 public key", e);
        }
    }

    private static PrivateKey privateKey(byte[] der) {
        try {
            var key = Ed25519.privateKey(lastBytes(der));
            requireSame(der, key.getEncoded());
            return key;
        } catch (InvalidKeySpecException e) {
            throw new IllegalArgumentException("not an Ed25519 private key", e);
        }
    }

    private static byte[] lastBytes(byte[] der) {
        return Arrays.copyOfRange(der, Math.max(0, der.length - Ed25519.KEY_BYTES), der.length);
    }

    private static void requireSame(byte[] given, byte[] canonical) {
        if (!Arrays.equals(given, canonical)) {
            throw new IllegalArgumentException("not an Ed25519 key");
        }
    }
}
