package io.garrison.licensing.file;

import io.garrison.licensing.Entitlements;
import io.garrison.licensing.Metric;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** Takes typed values out of a JSON object, each with its limit. */
record ClaimReader(Map<String, Object> claims) {

    /** 9999-12-31T23:59:59Z, the last second that RFC 3339 can write. */
    private static final long LAST_SECOND = 253_402_300_799L;

    /** A claim that is not known might be a restriction, so it is not passed over. */
    void allow(Set<String> known) {
        for (var name : claims.keySet()) {
            if (!known.contains(name)) {
                throw StrictJson.malformed("it has the claim \"%s\", which this release does not know".formatted(name));
            }
        }
    }

    String text(String name, int max) {
        if (claims.get(name) instanceof String text && !text.isEmpty() && text.length() <= max) {
            return text;
        }
        throw StrictJson.malformed("\"%s\" must be a text of 1 to %d characters".formatted(name, max));
    }

    void exactly(String name, Object expected) {
        if (!expected.equals(claims.get(name))) {
            throw StrictJson.malformed("\"%s\" must be %s".formatted(name, expected));
        }
    }

    boolean has(String name) {
        return claims.containsKey(name);
    }

    long number(String name, long max) {
        return number(name, 0, max);
    }

    long number(String name, long min, long max) {
        if (claims.get(name) instanceof Long number && number >= min && number <= max) {
            return number;
        }
        throw StrictJson.malformed("\"%s\" must be a whole number from %d to %d".formatted(name, min, max));
    }

    boolean flag(String name) {
        if (!claims.containsKey(name)) {
            return false;
        }
        if (claims.get(name) instanceof Boolean flag) {
            return flag;
        }
        throw StrictJson.malformed("\"%s\" must be true or false".formatted(name));
    }

    Instant second(String name) {
        return Instant.ofEpochSecond(number(name, LAST_SECOND));
    }

    UUID uuid(String name) {
        var text = text(name, 36);
        try {
            var uuid = UUID.fromString(text);
            if (uuid.toString().equals(text)) {
                return uuid;
            }
        } catch (IllegalArgumentException e) {
            throw StrictJson.malformed("\"%s\" must be a UUID".formatted(name));
        }
        throw StrictJson.malformed("\"%s\" must be a UUID in its canonical form".formatted(name));
    }

    ClaimReader object(String name) {
        if (claims.get(name) instanceof Map<?, ?> map) {
            @SuppressWarnings("unchecked") // StrictJson makes no other maps
            var object = (Map<String, Object>) map;
            return new ClaimReader(object);
        }
        throw StrictJson.malformed("\"%s\" must be an object".formatted(name));
    }

    Entitlements entitlements() {
        var lines = object("entitlements");
        lines.allow(Set.of("instances", "throughputBps", "virtualServices", "features"));
        try {
            return new Entitlements(
                    lines.number(Metric.INSTANCES.wireName(), Long.MAX_VALUE),
                    lines.number(Metric.THROUGHPUT_BPS.wireName(), Long.MAX_VALUE),
                    lines.number(Metric.VIRTUAL_SERVICES.wireName(), Long.MAX_VALUE),
                    lines.texts(Metric.FEATURES.wireName()));
        } catch (IllegalArgumentException e) {
            throw StrictJson.malformed(String.valueOf(e.getMessage()));
        }
    }

    private Set<String> texts(String name) {
        if (!(claims.get(name) instanceof List<?> values)) {
            throw StrictJson.malformed("\"%s\" must be a list".formatted(name));
        }
        var texts = new HashSet<String>();
        for (var value : values) {
            if (!(value instanceof String text) || !texts.add(text)) {
                throw StrictJson.malformed("\"%s\" must be a list of different texts".formatted(name));
            }
        }
        return texts;
    }
}
