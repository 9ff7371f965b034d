package io.garrison.guards;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * One body that must be refused.
 *
 * @param what for people
 * @param form whether its form is wrong, as against a value that is none for this field
 */
public record BadInput(String what, byte[] body, boolean form) {

    private static final JsonMapper JSON = new JsonMapper();
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final String LONG = "x".repeat(100_000);

    @Override
    public String toString() {
        return what;
    }

    /** No JSON, or not an object. */
    public static List<BadInput> noObjects(String good) {
        var bad = new ArrayList<BadInput>();
        for (var text : List.of(
                "{",
                "]",
                "[]",
                "\"text\"",
                "5",
                "true",
                good + "x",
                good + good,
                "{\"a\":1,\"a\":1}",
                "{'a':1}",
                "[".repeat(5_000),
                "{\"a\":".repeat(5_000),
                "{\"a\":" + "9".repeat(5_000) + "}",
                "\ufeff{",
                "NaN")) {
            bad.add(new BadInput("body " + text.substring(0, Math.min(20, text.length())), bytes(text), true));
        }
        bad.add(new BadInput("not UTF-8", new byte[] {'{', '"', (byte) 0xff, (byte) 0xfe, '"', ':', '1', '}'}, true));
        bad.add(new BadInput("UTF-16 by halves", new byte[] {0, '{', 0}, true));
        return bad;
    }

    /** The good body with one thing wrong in each. */
    public static List<BadInput> spoiled(String good) {
        var bad = new ArrayList<BadInput>();
        var tree = JSON.readTree(good);
        var unknown = ((ObjectNode) tree.deepCopy()).put("unknownField", 1);
        bad.add(new BadInput("unknown field", bytes(unknown.toString()), true));
        spoil("", tree, node -> node, bad);
        return bad;
    }

    private static void spoil(String at, JsonNode node, Function<JsonNode, JsonNode> around, List<BadInput> bad) {
        wrongTypes(node).forEach(value -> bad.add(made(at, value, around, true)));
        if (node.isString()) {
            for (var value : List.of("a\u0000b", "a\ud800b")) {
                bad.add(made(at, NODES.stringNode(value), around, true));
            }
            bad.add(made(at, NODES.stringNode(LONG), around, false));
        }
        if (node.isNumber()) {
            for (var value : List.of("1e400", "99999999999999999999", "-1", "1.5")) {
                bad.add(made(at, NODES.numberNode(new java.math.BigDecimal(value)), around, false));
            }
        }
        for (var step : steps(node)) {
            spoil(at + "/" + step.name(), step.value(), value -> around.apply(step.with(value)), bad);
        }
    }

    private static BadInput made(String at, JsonNode value, Function<JsonNode, JsonNode> around, boolean form) {
        var told = value.toString();
        return new BadInput(
                at + " = " + told.substring(0, Math.min(24, told.length())),
                bytes(escaped(around.apply(value).toString())),
                form);
    }

    /** Half a character has no bytes; it is sent as its escape. */
    private static String escaped(String json) {
        return json.replace("\ud800", "\\ud800");
    }

    private static List<JsonNode> wrongTypes(JsonNode node) {
        var object = NODES.objectNode().put("a", 1);
        var array = NODES.arrayNode().add(1);
        return switch (node.getNodeType()) {
            case STRING -> List.of(NODES.numberNode(5), NODES.booleanNode(true), object, array);
            case NUMBER -> List.of(NODES.stringNode("5"), NODES.booleanNode(true), object, array);
            case BOOLEAN -> List.of(NODES.stringNode("true"), NODES.numberNode(1), object, array);
            case ARRAY -> List.of(NODES.stringNode("x"), NODES.numberNode(5), object);
            case OBJECT -> List.of();
            default -> throw new IllegalArgumentException("an example has no " + node.getNodeType());
        };
    }

    private record Step(String name, JsonNode value, Function<JsonNode, JsonNode> put) {
        JsonNode with(JsonNode other) {
            return put.apply(other);
        }
    }

    private static List<Step> steps(JsonNode node) {
        var steps = new ArrayList<Step>();
        if (node instanceof ObjectNode object) {
            for (var name : object.propertyNames()) {
                steps.add(new Step(name, object.get(name), value -> {
                    var copy = object.deepCopy();
                    copy.set(name, value);
                    return copy;
                }));
            }
        }
        if (node instanceof ArrayNode array && !array.isEmpty()) {
            steps.add(new Step("0", array.get(0), value -> {
                var copy = array.deepCopy();
                copy.set(0, value);
                return copy;
            }));
        }
        return steps;
    }

    /** Fields that a record asks for and the example does not have; a new field needs an example. */
    public static List<String> missingFields(Class<?> record, String good) {
        var tree = JSON.readTree(good);
        return Arrays.stream(record.getRecordComponents())
                .map(component -> component.getName())
                .filter(name -> !tree.has(name))
                .toList();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Values that no query parameter and no path takes for good, or that must at least do no harm. */
    public static final Map<String, String> TEXTS = Map.of(
            "NUL", "a%00b",
            "half an escape", "%25ZZ",
            "long", "x".repeat(4_000),
            "a face", "%F0%9F%98%80",
            "quotes", "'%22%3B--",
            "a huge number", "99999999999999999999",
            "negative", "-1",
            "not UTF-8", "%FF%FE");
}
