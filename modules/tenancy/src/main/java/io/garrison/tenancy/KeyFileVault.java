package io.garrison.tenancy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/**
 * Sealed form: version (1 byte, now 1), key id (8 bytes), nonce (12 bytes), ciphertext and tag. Version, key id and
 * context are authenticated along with the secret.
 */
@Component
class KeyFileVault implements SecretVault {
    private static final byte VERSION = 1;
    private static final int KEY_ID_BYTES = 8;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;
    private static final int HEADER_BYTES = 1 + KEY_ID_BYTES + NONCE_BYTES;

    private final SecureRandom random = new SecureRandom();
    private final Map<ByteBuffer, SecretKey> keys = new HashMap<>();
    private final byte[] currentId;
    private final SecretKey current;

    @Autowired
    KeyFileVault(TenancySettings settings) {
        this(KeyFile.load(settings.secrets().keyFile()));
    }

    KeyFileVault(List<SecretKey> keys) {
        keys.forEach(key -> this.keys.put(ByteBuffer.wrap(id(key)), key));
        this.current = keys.getLast();
        this.currentId = id(current);
    }

    @Override
    public byte[] seal(String context, byte[] secret) {
        var nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        try {
            var ciphertext = cipher(Cipher.ENCRYPT_MODE, current, currentId, nonce, context)
                    .doFinal(secret);
            return ByteBuffer.allocate(HEADER_BYTES + ciphertext.length)
                    .put(VERSION)
                    .put(currentId)
                    .put(nonce)
                    .put(ciphertext)
                    .array();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("cannot seal a secret", e);
        }
    }

    @Override
    public byte[] open(String context, byte[] sealed) {
        if (sealed.length < HEADER_BYTES || sealed[0] != VERSION) {
            throw new IllegalStateException("not a sealed secret: " + context);
        }
        var keyId = Arrays.copyOfRange(sealed, 1, 1 + KEY_ID_BYTES);
        var nonce = Arrays.copyOfRange(sealed, 1 + KEY_ID_BYTES, HEADER_BYTES);
        var key = keys.get(ByteBuffer.wrap(keyId));
        if (key == null) {
            throw new IllegalStateException("the key that sealed this is not in the key file: " + context);
        }
        try {
            return cipher(Cipher.DECRYPT_MODE, key, keyId, nonce, context)
                    .doFinal(sealed, HEADER_BYTES, sealed.length - HEADER_BYTES);
        } catch (AEADBadTagException e) {
            throw new IllegalStateException("a sealed secret was changed or belongs elsewhere: " + context, e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("cannot open a sealed secret: " + context, e);
        }
    }

    private static Cipher cipher(int mode, SecretKey key, byte[] keyId, byte[] nonce, String context)
            throws GeneralSecurityException {
        var cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(new byte[] {VERSION});
        cipher.updateAAD(keyId);
        cipher.updateAAD(context.getBytes(StandardCharsets.UTF_8));
        return cipher;
    }

    /** Tells keys apart without telling anything of them. */
    private static byte[] id(SecretKey key) {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            digest.update("garrison key id".getBytes(StandardCharsets.US_ASCII));
            return Arrays.copyOf(digest.digest(key.getEncoded()), KEY_ID_BYTES);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("SHA-256 is missing", e);
        }
    }
}
