package io.garrison.instances.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.garrison.instances.InstanceException.PolicyMalformed;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Every field of a policy with a value of every other type: the first is named, and none is taken for what it is not. */
class PolicyTypesTests {

    private static final JsonMapper JSON = new JsonMapper();

    static Stream<Arguments> places() {
        var places = new ArrayList<Arguments>();
        walk("", JSON.readTree(PolicyRulesTests.GOOD), value -> value, places);
        return places.stream();
    }

    private static void walk(String pointer, JsonNode node, UnaryOperator<JsonNode> document, List<Arguments> places) {
        if (!pointer.isEmpty()) {
            others(node)
                    .forEach(other -> places.add(Arguments.of(
                            pointer, other, document.apply(JSON.readTree(other)).toString())));
        }
        if (node instanceof ObjectNode object) {
            object.propertyNames()
                    .forEach(name -> walk(
                            pointer + "/" + name,
                            object.get(name),
                            value -> document.apply(object.deepCopy().set(name, value)),
                            places));
        } else if (node instanceof ArrayNode array) {
            walk(
                    pointer + "/0",
                    array.get(0),
                    value -> document.apply(array.deepCopy().set(0, value)),
                    places);
        }
    }

    private static List<String> others(JsonNode node) {
        return switch (node.getNodeType()) {
            case STRING -> List.of("5", "1.5", "true", "{}", "[]", "[\"x\"]");
            case NUMBER -> List.of("\"5\"", "\"\"", "1.0", "1e400", "99999999999", "true", "{}", "[]", "[5]");
            case BOOLEAN -> List.of("\"true\"", "\"\"", "0", "1", "{}", "[]", "[true]");
            case ARRAY -> List.of("\"x\"", "\"\"", "5", "true", "{}");
            case OBJECT -> List.of("\"x\"", "\"\"", "5", "true", "[]", "[{}]");
            default -> throw new IllegalStateException("no policy has a " + node.getNodeType());
        };
    }

    @ParameterizedTest
    @MethodSource("places")
    void refusesAValueOfAnotherType(String pointer, String value, String document) {
        var refused = catchMalformed(document);

        assertThat(refused.errors()).singleElement().satisfies(error -> {
            assertThat(error.code()).isEqualTo("policy.type");
            assertThat(error.field()).startsWith(pointer);
        });
    }

    @ParameterizedTest
    @MethodSource("choices")
    void refusesWhatIsNoneOfTheChoices(String pointer, String value, String document) {
        refusesAValueOfAnotherType(pointer, value, document);
    }

    static Stream<Arguments> choices() {
        return Stream.of("HTTP\",\"enabled", "ROUND_ROBIN\",\"members")
                .flatMap(place -> Stream.of("", " ", "http", "0", "OTHER").map(value -> {
                    var good = place.substring(0, place.indexOf('"'));
                    var document = JSON.readTree(PolicyRulesTests.GOOD)
                            .toString()
                            .replace("\"" + place, "\"" + value + place.substring(good.length()));
                    return Arguments.of("/", value, document);
                }));
    }

    private static PolicyMalformed catchMalformed(String document) {
        try {
            var policy = PolicyReader.read(document.getBytes(StandardCharsets.UTF_8));
            throw new AssertionError("taken for " + policy);
        } catch (PolicyMalformed refused) {
            return refused;
        }
    }
}
