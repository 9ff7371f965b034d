package io.garrison.platform;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.regex.Pattern;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.deser.std.StdScalarDeserializer;
import tools.jackson.databind.module.SimpleModule;

/**
 * Reads text as text and instants as instants. Jackson would take a number for either, NUL, which PostgreSQL does not
 * keep, half of a surrogate pair, which is no character, and years that no database knows.
 */
final class StrictText {

    private StrictText() {}

    static SimpleModule module() {
        return new SimpleModule("strict-text")
                .addDeserializer(String.class, new WholeText())
                .addDeserializer(Instant.class, new PlainInstant());
    }

    private static String text(JsonParser parser, DeserializationContext context, Class<?> type) {
        if (parser.currentToken() != JsonToken.VALUE_STRING) {
            return (String) context.reportInputMismatch(type, "not a string");
        }
        return parser.getString();
    }

    private static final class WholeText extends StdScalarDeserializer<String> {

        WholeText() {
            super(String.class);
        }

        @Override
        public String deserialize(JsonParser parser, DeserializationContext context) {
            var text = text(parser, context, String.class);
            if (text.codePoints().anyMatch(point -> point == 0 || point >= 0xd800 && point <= 0xdfff)) {
                throw context.weirdStringException(text, String.class, "NUL or half a character");
            }
            return text;
        }
    }

    /** RFC 3339, whose years have four digits. */
    private static final class PlainInstant extends StdScalarDeserializer<Instant> {

        private static final Pattern FORM = Pattern.compile("\\d{4}-.{5,60}");

        PlainInstant() {
            super(Instant.class);
        }

        @Override
        public Instant deserialize(JsonParser parser, DeserializationContext context) {
            var text = text(parser, context, Instant.class);
            if (!FORM.matcher(text).matches()) {
                throw context.weirdStringException(text, Instant.class, "not as in RFC 3339");
            }
            try {
                return Instant.parse(text);
            } catch (DateTimeParseException e) {
                throw context.weirdStringException(text, Instant.class, "not as in RFC 3339");
            }
        }
    }
}
