package io.garrison.edge.haproxy;

import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** What may stand in a configuration at all. */
final class Text {

    static final int MAX_BYTES = 1_024;

    private Text() {}

    static void requireClean(String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            require(c >= 0x20 && (c < 0x7f || c > 0x9f) && c != 0x2028 && c != 0x2029, "text with a control character");
        }
        try {
            int bytes = StandardCharsets.UTF_8
                    .newEncoder()
                    .encode(CharBuffer.wrap(value))
                    .remaining();
            require(bytes <= MAX_BYTES, "text over 1 KiB");
        } catch (CharacterCodingException e) {
            throw new PolicyRefusedException("text that is not Unicode");
        }
    }

    /** @throws PolicyRefusedException naming the kind, never the value */
    static void require(boolean holds, String what) {
        if (!holds) {
            throw new PolicyRefusedException("not acceptable in a configuration: " + what);
        }
    }
}
