package io.garrison.instances.move;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.interfaces.XECPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import javax.crypto.Cipher;
import javax.crypto.KDF;
import javax.crypto.KeyAgreement;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.HKDFParameterSpec;

/**
 * Seals bytes for the holder of an X25519 key: an ephemeral key agreement (RFC 7748), HKDF-SHA-256 (RFC 5869) over both
 * public keys, AES-256-GCM. Only the receiver can open it, and no byte of it can be changed. It does not say who sealed
 * it. The key serves once, so its nonce is constant.
 */
public final class Sealing {

    /** What an opened file may have, in bytes. */
    public static final int MAX_PLAIN = 16 * 1024 * 1024;

    private static final byte[] MAGIC = "GRM1".getBytes(StandardCharsets.US_ASCII);
    private static final int PUBLIC_KEY_BYTES = 44; // X25519 as SubjectPublicKeyInfo, RFC 8410
    private static final byte[] NONCE = new byte[12];

    private Sealing() {}

    /** The file cannot be opened here. */
    public static final class Unreadable extends Exception {
        private static final long serialVersionUID = 1L;

        private final String code;

        Unreadable(String code, String message) {
            super(message);
            this.code = code;
        }

        /** Stable. */
        public String code() {
            return code;
        }
    }

    public static KeyPair newKey() {
        try {
            return KeyPairGenerator.getInstance("X25519").generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has X25519", e);
        }
    }

    /**
     * @param base64 SubjectPublicKeyInfo
     * @throws Unreadable if it is no X25519 key
     */
    public static PublicKey publicKey(String base64) throws Unreadable {
        try {
            return publicKey(Base64.getDecoder().decode(base64));
        } catch (IllegalArgumentException | GeneralSecurityException e) {
            throw new Unreadable(
                    "move.key-invalid", "This is no key of an installation. Copy it as it is shown there.");
        }
    }

    /** 128 bits of the key's SHA-256, in groups of four hexadecimal digits. */
    public static String fingerprint(PublicKey key) {
        try {
            var digest = MessageDigest.getInstance("SHA-256").digest(key.getEncoded());
            return HexFormat.of().formatHex(digest, 0, 16).replaceAll("(....)(?=.)", "$1 ");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static PublicKey publicKey(byte[] encoded) throws GeneralSecurityException {
        var key = KeyFactory.getInstance("X25519").generatePublic(new X509EncodedKeySpec(encoded));
        if (!(key instanceof XECPublicKey)) {
            throw new GeneralSecurityException("another algorithm");
        }
        return key;
    }

    public static byte[] seal(PublicKey receiver, byte[] plain) {
        var ephemeral = newKey();
        try {
            var cipher = cipher(
                    Cipher.ENCRYPT_MODE,
                    agreed(
                            ephemeral.getPrivate(),
                            receiver,
                            ephemeral.getPublic().getEncoded(),
                            receiver));
            var sealed = cipher.doFinal(zipped(plain));
            return ByteBuffer.allocate(MAGIC.length + PUBLIC_KEY_BYTES + sealed.length)
                    .put(MAGIC)
                    .put(ephemeral.getPublic().getEncoded())
                    .put(sealed)
                    .array();
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("not a key to seal for", e);
        }
    }

    /** @throws Unreadable if it was sealed for another installation, was changed, or is something else */
    public static byte[] open(KeyPair own, byte[] file) throws Unreadable {
        if (file.length < MAGIC.length + PUBLIC_KEY_BYTES
                || !ByteBuffer.wrap(MAGIC).equals(ByteBuffer.wrap(file, 0, MAGIC.length))) {
            throw new Unreadable("move.not-a-bundle", "This is no file of configuration that moves.");
        }
        var ephemeral = new byte[PUBLIC_KEY_BYTES];
        ByteBuffer.wrap(file, MAGIC.length, PUBLIC_KEY_BYTES).get(ephemeral);
        try {
            var secret = agreed(own.getPrivate(), publicKey(ephemeral), ephemeral, own.getPublic());
            int at = MAGIC.length + PUBLIC_KEY_BYTES;
            return unzipped(cipher(Cipher.DECRYPT_MODE, secret).doFinal(file, at, file.length - at));
        } catch (GeneralSecurityException e) {
            throw new Unreadable(
                    "move.sealed-for-another",
                    "The file was sealed for another installation, or was changed. Export it with the key of this one.");
        }
    }

    private static SecretKey agreed(PrivateKey own, PublicKey other, byte[] ephemeral, PublicKey receiver)
            throws GeneralSecurityException {
        var agreement = KeyAgreement.getInstance("X25519");
        agreement.init(own);
        agreement.doPhase(other, true);
        var info = ByteBuffer.allocate(MAGIC.length + 2 * PUBLIC_KEY_BYTES)
                .put(MAGIC)
                .put(ephemeral)
                .put(receiver.getEncoded())
                .array();
        return KDF.getInstance("HKDF-SHA256")
                .deriveKey(
                        "AES",
                        HKDFParameterSpec.ofExtract()
                                .addIKM(agreement.generateSecret())
                                .thenExpand(info, 32));
    }

    private static Cipher cipher(int mode, SecretKey key) throws GeneralSecurityException {
        var cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, key, new GCMParameterSpec(128, NONCE));
        return cipher;
    }

    private static byte[] zipped(byte[] plain) {
        var bytes = new ByteArrayOutputStream();
        try (var zip = new GZIPOutputStream(bytes)) {
            zip.write(plain);
        } catch (IOException e) {
            throw new IllegalStateException("memory does not fail", e);
        }
        return bytes.toByteArray();
    }

    private static byte[] unzipped(byte[] zipped) throws Unreadable {
        try (var zip = new GZIPInputStream(new ByteArrayInputStream(zipped))) {
            var plain = zip.readNBytes(MAX_PLAIN + 1);
            if (plain.length > MAX_PLAIN) {
                throw new Unreadable("move.too-large", "The file holds more than %d bytes.".formatted(MAX_PLAIN));
            }
            return plain;
        } catch (IOException e) {
            throw new Unreadable("move.not-a-bundle", "This is no file of configuration that moves.");
        }
    }
}
