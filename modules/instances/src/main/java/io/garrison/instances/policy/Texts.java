package io.garrison.instances.policy;

import io.garrison.protocol.PolicyLimits;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What strings in a policy may be. Each pattern names what is allowed; control characters are in none. */
final class Texts {

    static final int MAX_LENGTH = 1_024;

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,63}");
    private static final Pattern COOKIE = Pattern.compile("[A-Za-z0-9_-]{1,63}");
    private static final Pattern LABELS = Pattern.compile(
            "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?(?:\\.[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*");
    private static final Pattern PATH = Pattern.compile("/(?:[A-Za-z0-9._~!$&'()*+,;=:@/-]|%[0-9A-Fa-f]{2})*+");
    private static final Pattern HEADER_VALUE = Pattern.compile("[\\x21-\\x7e](?:[\\x20-\\x7e]*[\\x21-\\x7e])?");
    private static final Pattern STATUS = Pattern.compile("([1-5]\\d\\d)(?:-([1-5]\\d\\d))?");

    private Texts() {}

    static boolean isName(@Nullable String text) {
        return text != null && NAME.matcher(text).matches();
    }

    static boolean isHeaderName(@Nullable String text) {
        return text != null && PolicyLimits.HEADER_NAME.matcher(text).matches();
    }

    static boolean isCookieName(@Nullable String text) {
        return text != null && COOKIE.matcher(text).matches();
    }

    static boolean isHost(String text) {
        return text.length() <= 253 && LABELS.matcher(text).matches();
    }

    /** RFC 3986, section 3.3: segments of {@code pchar}, whole percent escapes, neither query nor fragment. */
    static boolean isPath(String text) {
        return text.length() <= MAX_LENGTH && PATH.matcher(text).matches();
    }

    /** A lone closing brace can't be written as something to compare with in HAProxy's language. */
    static boolean isHeaderValue(@Nullable String text) {
        return text != null
                && !text.equals("}")
                && text.length() <= MAX_LENGTH
                && HEADER_VALUE.matcher(text).matches();
    }

    /** {@code 200} or {@code 200-399}. */
    static boolean isStatusRange(String text) {
        var match = STATUS.matcher(text);
        return match.matches() && (match.group(2) == null || match.group(1).compareTo(match.group(2)) <= 0);
    }
}
