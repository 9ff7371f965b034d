package io.garrison.protocol;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Takes typed values out of the claims of a JWS. Claims that are not known are passed over: newer versions add some. */
record JwsClaims(Map<String, Object> values) {

    /** 9999-12-31T23:59:59Z, the last second that RFC 3339 can write. */
    private static final long LAST_SECOND = 253_402_300_799L;

    boolean has(String name) {
        return values.containsKey(name);
    }

    String text(String name) {
        if (values.get(name) instanceof String text && !text.isEmpty()) {
            return text;
        }
        throw CompactJws.malformed("\"%s\" must be a text".formatted(name));
    }

    void exactly(String name, String expected) {
        if (!expected.equals(values.get(name))) {
            throw CompactJws.malformed("\"%s\" must be %s".formatted(name, expected));
        }
    }

    long number(String name) {
        if (values.get(name) instanceof Number number
                && (number instanceof Integer || number instanceof Long)
                && number.longValue() >= 0) {
            return number.longValue();
        }
        throw CompactJws.malformed("\"%s\" must be a whole number".formatted(name));
    }

    boolean flag(String name) {
        if (values.get(name) instanceof Boolean flag) {
            return flag;
        }
        throw CompactJws.malformed("\"%s\" must be true or false".formatted(name));
    }

    Instant second(String name) {
        long second = number(name);
        if (second > LAST_SECOND) {
            throw CompactJws.malformed("\"%s\" is beyond the year 9999".formatted(name));
        }
        return Instant.ofEpochSecond(second);
    }

    UUID uuid(String name) {
        var text = text(name);
        try {
            var uuid = UUID.fromString(text);
            if (uuid.toString().equals(text)) {
                return uuid;
            }
        } catch (IllegalArgumentException e) {
            throw CompactJws.malformed("\"%s\" must be a UUID".formatted(name));
        }
        throw CompactJws.malformed("\"%s\" must be a UUID in its canonical form".formatted(name));
    }

    JwsClaims object(String name) {
        if (values.get(name) instanceof Map<?, ?> map) {
            @SuppressWarnings("unchecked") // JSON objects have texts for names
            var object = (Map<String, Object>) map;
            return new JwsClaims(object);
        }
        throw CompactJws.malformed("\"%s\" must be an object".formatted(name));
    }

    List<String> texts(String name) {
        if (!(values.get(name) instanceof List<?> list)) {
            throw CompactJws.malformed("\"%s\" must be a list".formatted(name));
        }
        var texts = new ArrayList<String>();
        for (var value : list) {
            if (!(value instanceof String text)) {
                throw CompactJws.malformed("\"%s\" must be a list of texts".formatted(name));
            }
            texts.add(text);
        }
        return texts;
    }
}
