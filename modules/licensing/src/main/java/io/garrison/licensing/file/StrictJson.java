package io.garrison.licensing.file;

import io.garrison.licensing.LicenseFileException.FileRefused;
import io.garrison.licensing.LicenseFileException.Flaw;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads one JSON object and refuses whatever two readers might understand differently: a name given twice, null,
 * fractions, numbers beyond 64 bits, deep nesting, anything after the object.
 */
final class StrictJson {

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(4)
                    .maxNumberLength(20)
                    .maxNameLength(64)
                    .maxStringLength(LicenseFile.MAX_CHARS)
                    .maxDocumentLength(LicenseFile.MAX_CHARS)
                    .build())
            .build();
    private static final JsonMapper WRITER = new JsonMapper();

    private StrictJson() {}

    static byte[] write(Map<String, ?> object) {
        return WRITER.writeValueAsBytes(object);
    }

    /** Values are {@code String}, {@code Long}, {@code Boolean}, {@code List} and {@code Map} of those. */
    static Map<String, Object> read(byte[] utf8) {
        try (var parser = FACTORY.createParser(ObjectReadContext.empty(), utf8)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw malformed("not a JSON object");
            }
            var object = object(parser);
            if (parser.nextToken() != null) {
                throw malformed("something follows the JSON object");
            }
            return object;
        } catch (JacksonException e) {
            throw malformed("not JSON that is read here: " + e.getOriginalMessage());
        }
    }

    private static Map<String, Object> object(JsonParser parser) {
        var object = new LinkedHashMap<String, Object>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            var name = parser.currentName();
            parser.nextToken();
            if (object.putIfAbsent(name, value(parser)) != null) {
                throw new FileRefused(Flaw.DUPLICATE_CLAIM, "The licence names \"%s\" twice.".formatted(name));
            }
        }
        return object;
    }

    private static Object value(JsonParser parser) {
        return switch (parser.currentToken()) {
            case START_OBJECT -> object(parser);
            case START_ARRAY -> array(parser);
            case VALUE_STRING -> parser.getString();
            case VALUE_NUMBER_INT -> parser.getLongValue();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case null, default -> throw malformed("a value of a kind that has no place in a licence");
        };
    }

    private static List<Object> array(JsonParser parser) {
        var array = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            array.add(value(parser));
        }
        return array;
    }

    static FileRefused malformed(String detail) {
        return new FileRefused(Flaw.MALFORMED, "The licence cannot be read: %s.".formatted(detail));
    }
}
