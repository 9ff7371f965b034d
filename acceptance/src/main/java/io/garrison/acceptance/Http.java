package io.garrison.acceptance;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** As much HTTP/1.1 as is needed to count it. */
final class Http {

    private Http() {}

    /** Everything up to and including the empty line; null at a clean end of the connection. */
    static String readHead(BufferedInputStream in) throws IOException {
        var head = new ByteArrayOutputStream(512);
        int end = 0;
        while (end < 4) {
            int b = in.read();
            if (b < 0) {
                if (head.size() == 0) {
                    return null;
                }
                throw new IOException("connection ended within a head: " + head);
            }
            head.write(b);
            end = b == "\r\n\r\n".charAt(end) ? end + 1 : (b == '\r' ? 1 : 0);
        }
        return head.toString(StandardCharsets.ISO_8859_1);
    }

    static long contentLength(String head) {
        return head.lines()
                .filter(line -> line.toLowerCase(java.util.Locale.ROOT).startsWith("content-length:"))
                .mapToLong(line -> Long.parseLong(line.substring(15).strip()))
                .findFirst()
                .orElse(0);
    }
}
