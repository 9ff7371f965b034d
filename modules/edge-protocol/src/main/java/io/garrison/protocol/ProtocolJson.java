package io.garrison.protocol;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.erdtman.jcs.JsonCanonicalizer;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.cfg.DateTimeFeature;
import tools.jackson.databind.json.JsonMapper;

/** The JSON form of everything in this package: UTF-8, camelCase, instants as RFC 3339 in UTC. */
public final class ProtocolJson {

    private static final JsonMapper TOLERANT = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .disable(DateTimeFeature.WRITE_DATES_AS_TIMESTAMPS)
            .build();

    private ProtocolJson() {}

    /** Ignores unknown fields, for messages between versions. What people write is read by the strict mapper of the API. */
    public static JsonMapper mapper() {
        return TOLERANT;
    }

    /** @throws IllegalArgumentException if the bytes are not JSON of that type */
    public static <T> T read(byte[] json, Class<T> type) {
        try {
            var value = TOLERANT.readValue(json, type);
            if (value == null) {
                throw new IllegalArgumentException("null instead of " + type.getSimpleName());
            }
            return value;
        } catch (JacksonException e) {
            throw new IllegalArgumentException("not a " + type.getSimpleName() + ": " + e.getOriginalMessage(), e);
        }
    }

    public static byte[] write(Object value) {
        return TOLERANT.writeValueAsBytes(value);
    }

    /** The JSON Canonicalization Scheme (RFC 8785): one byte sequence for one value. */
    public static byte[] canonical(Object value) {
        try {
            return new JsonCanonicalizer(write(value)).getEncodedUTF8();
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "no canonical JSON for " + value.getClass().getSimpleName(), e);
        }
    }

    /** SHA-256 of the canonical form, in lower-case hex. */
    public static String sha256(Object value) {
        return sha256Hex(canonical(value));
    }

    public static String sha256Hex(String text) {
        return sha256Hex(text.getBytes(StandardCharsets.UTF_8));
    }

    public static String sha256Hex(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
