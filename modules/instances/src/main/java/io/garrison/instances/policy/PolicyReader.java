package io.garrison.instances.policy;

import io.garrison.instances.InstanceException.PolicyMalformed;
import io.garrison.protocol.Policy;
import io.garrison.tenancy.Refusal.FieldError;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.exc.InputCoercionException;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.deser.std.StdScalarDeserializer;
import tools.jackson.databind.exc.InvalidFormatException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;

/** Reads the policy document that people and their programs write: every field must be known, of its type, once. */
public final class PolicyReader {

    /** 10,000 entries in each list of dozens of services. */
    public static final int MAX_BYTES = 4 * 1024 * 1024;

    private static final JsonMapper STRICT = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(EnumFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            // What is missing is an error of the policy with its own message, not of the document.
            .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .addModule(new SimpleModule("only-text").addDeserializer(String.class, new OnlyText()))
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private PolicyReader() {}

    /** @throws PolicyMalformed with the JSON pointer of the first thing that can't be read */
    public static Policy read(byte[] json) {
        if (json.length > MAX_BYTES) {
            throw malformed("", "policy.too-large", "The document has more than %,d bytes.".formatted(MAX_BYTES));
        }
        refuseBrokenText(json);
        try {
            var policy = STRICT.readValue(json, Policy.class);
            if (policy == null) {
                throw malformed("", "policy.malformed", "is null");
            }
            return policy;
        } catch (UnrecognizedPropertyException e) {
            throw malformed(pointer(e), "policy.unknown-field", "is not a field of a policy");
        } catch (InvalidFormatException | InputCoercionException e) {
            throw malformed(pointer(e), "policy.type", "has not the type or none of the values that are allowed here");
        } catch (MismatchedInputException e) {
            throw malformed(pointer(e), "policy.type", "has not the type that is expected here");
        } catch (JacksonException e) {
            throw malformed(pointer(e), "policy.malformed", "is not JSON as expected: " + e.getOriginalMessage());
        }
    }

    /** Half a surrogate pair is no character, and nothing that stores or signs text takes it; nor NUL. */
    private static void refuseBrokenText(byte[] json) {
        try (var tokens = STRICT.createParser(json)) {
            for (var token = tokens.nextToken(); token != null; token = tokens.nextToken()) {
                boolean isText = token == JsonToken.VALUE_STRING || token == JsonToken.PROPERTY_NAME;
                if (isText && isBroken(tokens.getString())) {
                    throw malformed(
                            tokens.streamReadContext().pathAsPointer().toString(),
                            "policy.text",
                            "holds NUL or half a character");
                }
            }
        } catch (JacksonException e) {
            throw malformed(pointer(e), "policy.malformed", "is not JSON: " + e.getOriginalMessage());
        }
    }

    private static boolean isBroken(String text) {
        return text.codePoints().anyMatch(point -> point == 0 || point >= 0xd800 && point <= 0xdfff);
    }

    private static PolicyMalformed malformed(String pointer, String code, String message) {
        return new PolicyMalformed(new FieldError(pointer, code, message));
    }

    private static String pointer(JacksonException e) {
        var pointer = new StringBuilder();
        for (var step : e.getPath()) {
            var name = step.getPropertyName();
            pointer.append('/').append(name == null ? String.valueOf(step.getIndex()) : escaped(name));
        }
        return pointer.toString();
    }

    /** RFC 6901, section 3. */
    static String escaped(String name) {
        return name.replace("~", "~0").replace("/", "~1");
    }

    /** Jackson's own takes a number for a name, and loses its place in a list within a list of texts. */
    private static final class OnlyText extends StdScalarDeserializer<String> {

        OnlyText() {
            super(String.class);
        }

        @Override
        public String deserialize(JsonParser parser, DeserializationContext context) {
            if (parser.currentToken() != JsonToken.VALUE_STRING) {
                return (String) context.reportInputMismatch(String.class, "not a string");
            }
            return parser.getString();
        }
    }
}
