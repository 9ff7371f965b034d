package io.garrison.instances.peer;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Proof that a message comes from somebody who holds the key, and was meant for this connection. The server's certificate
 * is part of what is signed: who stands between the two shows another certificate, and can use what it hears nowhere.
 *
 * @param key the shared key; never sent
 * @param server SHA-256, hex, of the certificate that the listener shows
 */
record PeerSignature(byte[] key, String server) {

    static final String TIME = "Garrison-Time";
    static final String NONCE = "Garrison-Nonce";
    static final String DIGEST = "Garrison-Digest";
    static final String SIGNATURE = "Garrison-Signature";

    private static final String ALGORITHM = "HmacSHA256";

    /**
     * @param time seconds since 1970
     * @param digest SHA-256, hex, of the body
     */
    String ofRequest(String method, String path, String time, String nonce, String digest) {
        return sign("garrison-peer-request-1", method, path, time, nonce, digest);
    }

    /** @param nonce of the request that is answered */
    String ofAnswer(String nonce, int status, String digest) {
        return sign("garrison-peer-answer-1", nonce, Integer.toString(status), digest);
    }

    private String sign(String... parts) {
        try {
            var mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(key, ALGORITHM));
            // No part can hold a line break: headers and paths have none.
            mac.update((String.join("\n", parts) + "\n" + server).getBytes(StandardCharsets.UTF_8));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(mac.doFinal());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HMAC-SHA-256", e);
        }
    }

    /** Takes the same time wherever the two differ. */
    static boolean equal(String one, String other) {
        return MessageDigest.isEqual(one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
    }
}
