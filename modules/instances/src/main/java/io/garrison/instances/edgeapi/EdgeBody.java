package io.garrison.instances.edgeapi;

import io.garrison.instances.InstanceException.EdgeMessageRefused;
import io.garrison.protocol.ProtocolJson;
import jakarta.servlet.http.HttpServletRequest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.zip.GZIPInputStream;

/** Reads what an edge sends, and no more than it may. */
final class EdgeBody {

    /** JSON of telemetry shrinks by a factor of about 10; what shrinks by more than 100 was made to. */
    private static final int MAX_RATIO = 100;

    private EdgeBody() {}

    static <T> T read(HttpServletRequest request, int maxBytes, Class<T> type) throws IOException {
        if (request.getHeader("Content-Encoding") != null) {
            throw new EdgeMessageRefused("request.encoding", "Send this without Content-Encoding.");
        }
        return parse(bytes(request, maxBytes), type);
    }

    /** The bytes of a message that may be compressed, unpacked. */
    static byte[] unpacked(HttpServletRequest request, int maxBytes, int maxUnpacked) throws IOException {
        byte[] packed = bytes(request, maxBytes);
        var encoding = request.getHeader("Content-Encoding");
        if (encoding == null || encoding.equalsIgnoreCase("identity")) {
            return packed;
        }
        if (!encoding.equalsIgnoreCase("gzip")) {
            throw new EdgeMessageRefused("request.encoding", "Send it as gzip or without Content-Encoding.");
        }
        int limit = (int) Math.min(maxUnpacked, (long) packed.length * MAX_RATIO);
        try (var unpacking = new GZIPInputStream(new ByteArrayInputStream(packed))) {
            byte[] unpacked = unpacking.readNBytes(limit + 1);
            if (unpacked.length > limit) {
                throw new EdgeMessageRefused(
                        "request.too-large", "It unpacks to more than %,d bytes.".formatted(limit));
            }
            return unpacked;
        } catch (IOException e) {
            throw new EdgeMessageRefused("request.malformed", "It is not gzip.");
        }
    }

    private static byte[] bytes(HttpServletRequest request, int maxBytes) throws IOException {
        if (request.getContentLengthLong() > maxBytes) {
            throw tooLarge(maxBytes);
        }
        byte[] bytes = request.getInputStream().readNBytes(maxBytes + 1);
        if (bytes.length > maxBytes) {
            throw tooLarge(maxBytes);
        }
        return bytes;
    }

    private static EdgeMessageRefused tooLarge(int maxBytes) {
        return new EdgeMessageRefused("request.too-large", "It has more than %,d bytes.".formatted(maxBytes));
    }

    static <T> T parse(byte[] json, Class<T> type) {
        try {
            return ProtocolJson.read(json, type);
        } catch (IllegalArgumentException e) {
            throw new EdgeMessageRefused("request.malformed", "It is not a " + type.getSimpleName() + " in JSON.");
        }
    }

    /** @throws EdgeMessageRefused if one is missing */
    static void require(String what, @org.jspecify.annotations.Nullable Object... parts) {
        for (var part : parts) {
            if (part == null) {
                throw new EdgeMessageRefused("request.malformed", "A required field is missing in the " + what + ".");
            }
        }
    }
}
