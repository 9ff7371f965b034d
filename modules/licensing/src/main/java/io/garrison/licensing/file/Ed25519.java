package io.garrison.licensing.file;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;

/** The one signature algorithm of licences (RFC 8032). No name of an algorithm ever comes from outside. */
final class Ed25519 {

    static final int KEY_BYTES = 32;
    static final int SIGNATURE_BYTES = 64;

    /** Everything before the key in its DER forms (RFC 8410, section 10): they have no variable part. */
    private static final byte[] PUBLIC_PREFIX = HexFormat.of().parseHex("302a300506032b6570032100");

    private static final byte[] PRIVATE_PREFIX = HexFormat.of().parseHex("302e020100300506032b657004220420");

    private Ed25519() {}

    static KeyPair generate() {
        try {
            return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has no Ed25519", e);
        }
    }

    static byte[] raw(PublicKey key) {
        return tail(key.getEncoded(), PUBLIC_PREFIX);
    }

    static byte[] raw(PrivateKey key) {
        return tail(key.getEncoded(), PRIVATE_PREFIX);
    }

    /** @throws InvalidKeySpecException if these are not the 32 bytes of a key */
    static PublicKey publicKey(byte[] raw) throws InvalidKeySpecException {
        return factory().generatePublic(new X509EncodedKeySpec(join(PUBLIC_PREFIX, raw)));
    }

    /** @throws InvalidKeySpecException if these are not the 32 bytes of a key */
    static PrivateKey privateKey(byte[] raw) throws InvalidKeySpecException {
        return factory().generatePrivate(new PKCS8EncodedKeySpec(join(PRIVATE_PREFIX, raw)));
    }

    static byte[] sign(PrivateKey key, byte[] message) {
        try {
            var signature = Signature.getInstance("Ed25519");
            signature.initSign(key);
            signature.update(message);
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("cannot sign", e);
        }
    }

    static boolean verifies(PublicKey key, byte[] message, byte[] signed) {
        try {
            var signature = Signature.getInstance("Ed25519");
            signature.initVerify(key);
            signature.update(message);
            return signed.length == SIGNATURE_BYTES && signature.verify(signed);
        } catch (GeneralSecurityException e) {
            return false; // a point that is none, a number out of range: nothing that was ever signed
        }
    }

    /** Whether the two belong together. A signature depends on both halves, so one that verifies proves it. */
    static boolean match(PrivateKey privateKey, PublicKey publicKey) {
        var probe = "garrison key pair".getBytes(StandardCharsets.US_ASCII);
        return verifies(publicKey, probe, sign(privateKey, probe));
    }

    /** Key id: the thumbprint of the key as a JWK (RFC 7638, RFC 8037 section 2). */
    static String thumbprint(PublicKey key) {
        var x = Base64.getUrlEncoder().withoutPadding().encodeToString(raw(key));
        var jwk = "{\"crv\":\"Ed25519\",\"kty\":\"OKP\",\"x\":\"%s\"}".formatted(x);
        try {
            var digest = MessageDigest.getInstance("SHA-256").digest(jwk.getBytes(StandardCharsets.US_ASCII));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has no SHA-256", e);
        }
    }

    private static KeyFactory factory() {
        try {
            return KeyFactory.getInstance("Ed25519");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has no Ed25519", e);
        }
    }

    private static byte[] join(byte[] prefix, byte[] raw) throws InvalidKeySpecException {
        if (raw.length != KEY_BYTES) {
            throw new InvalidKeySpecException("an Ed25519 key has 32 bytes, not " + raw.length);
        }
        var der = new byte[prefix.length + raw.length];
        System.arraycopy(prefix, 0, der, 0, prefix.length);
        System.arraycopy(raw, 0, der, prefix.length, raw.length);
        return der;
    }

    private static byte[] tail(byte[] der, byte[] prefix) {
        var raw = new byte[KEY_BYTES];
        if (der.length != prefix.length + KEY_BYTES) {
            throw new IllegalArgumentException("not an Ed25519 key");
        }
        System.arraycopy(der, prefix.length, raw, 0, KEY_BYTES);
        return raw;
    }
}
