package io.garrison.embedded;

import java.security.SecureRandom;
import java.util.HexFormat;

final class RandomSecrets {

    private static final SecureRandom RANDOM = new SecureRandom();

    private RandomSecrets() {}

    /** 192 random bits as hexadecimal digits, which need no quoting anywhere. */
    static String password() {
        var bytes = new byte[24];
        RANDOM.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
