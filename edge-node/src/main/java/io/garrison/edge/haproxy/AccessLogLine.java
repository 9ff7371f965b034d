package io.garrison.edge.haproxy;

import io.garrison.protocol.Telemetry.AccessEvent;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One line of the access log. Fields are parted by tabs; what a client sent is escaped by HAProxy, so that it can't hold
 * one.
 */
final class AccessLogLine {

    static final String HTTP_FORMAT = String.join(
            "\t",
            "h",
            "%pid",
            "%rt",
            "%Ts",
            "%ms",
            "%f",
            "%ci",
            "%cp",
            "%HM",
            "%[capture.req.hdr(0),json(utf8s)]",
            "%HPO",
            "%[capture.req.hdr(1),json(utf8s)]",
            "%ST",
            "%U",
            "%B",
            "%Ta",
            "%b",
            "%s",
            "%ts",
            "%[var(txn.verdict)]",
            "%ID");

    static final String TCP_FORMAT = String.join(
            "\t",
            "t",
            "%pid",
            "%rt",
            "%Ts",
            "%ms",
            "%f",
            "%ci",
            "%cp",
            "-",
            "-",
            "-",
            "-",
            "0",
            "%U",
            "%B",
            "%Tt",
            "%b",
            "%s",
            "%ts",
            "%[var(txn.verdict)]",
            "-");

    private static final int FIELDS = 21;

    private AccessLogLine() {}

    /** What generated names stand for. */
    interface Glossary {
        @Nullable
        String of(String name);
    }

    /** @return null if it is no line of ours, or of a service that is not known any more */
    static @Nullable AccessEvent parse(byte[] bytes, int length, Glossary glossary) {
        var line = new String(bytes, 0, length, StandardCharsets.UTF_8).stripTrailing();
        var f = line.split("\t", -1);
        if (f.length != FIELDS || !(f[0].equals("h") || f[0].equals("t"))) {
            return null;
        }
        var service = glossary.of(f[5]);
        if (service == null) {
            return null;
        }
        boolean http = f[0].equals("h");
        boolean broken = http && f[8].equals("<BADREQ>");
        int status = (int) number(f[12]);
        var at = Instant.ofEpochSecond(number(f[3]), number(f[4]) * 1_000_000);
        return new AccessEvent(
                UUID.nameUUIDFromBytes(line.getBytes(StandardCharsets.UTF_8)),
                at,
                service,
                f[6],
                (int) number(f[7]),
                broken ? null : text(f[8]),
                unescaped(f[9]),
                broken ? null : text(f[10]),
                unescaped(f[11]),
                broken || status < 0 ? 0 : status,
                number(f[13]),
                number(f[14]),
                Math.max(0, number(f[15])),
                glossary.of(f[16]),
                glossary.of(f[17]),
                f[18],
                verdict(f[19], broken, status, f[17], f[18]),
                text(f[20]));
    }

    private static String verdict(String rule, boolean broken, int status, String server, String termination) {
        if (rule.equals("BLOCKED") || rule.equals("DENIED_ADDRESS") || rule.equals("RATE_LIMITED")) {
            return rule;
        }
        if (broken || (termination.startsWith("PR") && (status == 400 || status == 0))) {
            return "BAD_REQUEST";
        }
        boolean unreached = server.equals("<NOSRV>") || termination.startsWith("SC");
        return unreached && (status == 503 || status <= 0) && !termination.startsWith("C") ? "NO_SERVER" : "ALLOWED";
    }

    private static @Nullable String text(String field) {
        return field.isEmpty() || field.equals("-") ? null : field;
    }

    /** Undoes the escapes of HAProxy's {@code json} converter. What was a control character becomes U+FFFD. */
    private static @Nullable String unescaped(String field) {
        if (field.indexOf('\\') < 0) {
            return text(field);
        }
        var out = new StringBuilder(field.length());
        for (int i = 0; i < field.length(); i++) {
            char c = field.charAt(i);
            if (c != '\\' || i + 1 == field.length()) {
                out.append(c);
                continue;
            }
            c = field.charAt(++i);
            if (c == 'u'
                    && i + 4 < field.length()
                    && field.substring(i + 1, i + 5).matches("[0-9A-Fa-f]{4}")) {
                c = (char) Integer.parseInt(field.substring(i + 1, i + 5), 16);
                i += 4;
            } else if ("bfnrt".indexOf(c) >= 0) {
                c = 0xfffd;
            }
            out.append(Character.isISOControl(c) ? (char) 0xfffd : c);
        }
        return out.toString();
    }

    private static long number(String field) {
        try {
            return Long.parseLong(field);
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}
