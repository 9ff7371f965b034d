package io.garrison.instances.policy;

import io.garrison.instances.PolicyDiff;
import io.garrison.instances.PolicyDiff.FieldChange;
import io.garrison.instances.PolicyDiff.Kind;
import io.garrison.protocol.Policy;
import io.garrison.protocol.ProtocolJson;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What changes from one policy to another, to the letter and in words of traffic. */
public final class PolicyDifference {

    /** Lists whose order means something: compared place by place. All others are sets. */
    private static final Set<String> ORDERED = Set.of("routes");

    private final List<FieldChange> changes = new ArrayList<>();

    private PolicyDifference() {}

    /** @param from and {@code to} are only names for the answer */
    public static PolicyDiff between(long from, Policy before, long to, Policy after) {
        var difference = new PolicyDifference();
        difference.compare("", tree(before), tree(after));
        return new PolicyDiff(from, to, TrafficWords.between(before, after), List.copyOf(difference.changes));
    }

    private static JsonNode tree(Policy policy) {
        return ProtocolJson.mapper().valueToTree(policy);
    }

    private void compare(String path, @Nullable JsonNode before, @Nullable JsonNode after) {
        if (before == null || before.isNull()) {
            if (after != null && !after.isNull()) {
                changes.add(new FieldChange(Kind.ADDED, path, null, after.toString()));
            }
        } else if (after == null || after.isNull()) {
            changes.add(new FieldChange(Kind.REMOVED, path, before.toString(), null));
        } else if (before.isObject() && after.isObject()) {
            compareParts(path, properties(before), properties(after));
        } else if (before.isArray() && after.isArray()) {
            compareParts(path, elements(path, before), elements(path, after));
        } else if (!before.equals(after)) {
            changes.add(new FieldChange(Kind.CHANGED, path, before.toString(), after.toString()));
        }
    }

    private void compareParts(String path, Map<String, JsonNode> before, Map<String, JsonNode> after) {
        var keys = new LinkedHashSet<>(before.keySet());
        keys.addAll(after.keySet());
        for (var key : keys) {
            compare(path + "/" + PolicyReader.escaped(key), before.get(key), after.get(key));
        }
    }

    private static Map<String, JsonNode> properties(JsonNode object) {
        var parts = new LinkedHashMap<String, JsonNode>();
        object.properties().forEach(property -> parts.put(property.getKey(), property.getValue()));
        return parts;
    }

    private static Map<String, JsonNode> elements(String path, JsonNode array) {
        boolean ordered = ORDERED.contains(path.substring(path.lastIndexOf('/') + 1));
        var parts = new LinkedHashMap<String, JsonNode>();
        int position = 0;
        for (var element : array) {
            var key = ordered ? String.valueOf(position) : key(element);
            // A draft may hold two of one name; both must show.
            while (parts.putIfAbsent(key, element) != null) {
                key += "'";
            }
            position++;
        }
        return parts;
    }

    private static String key(JsonNode element) {
        if (element.path("name").isString()) {
            return element.path("name").asString();
        }
        if (element.has("address")) {
            return element.path("address").asString("") + ":"
                    + element.path("port").asString("");
        }
        return element.asString("");
    }
}
