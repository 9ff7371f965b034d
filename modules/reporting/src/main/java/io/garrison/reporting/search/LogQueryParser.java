package io.garrison.reporting.search;

import io.garrison.reporting.ReportingException.BadLogQuery;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Reads the query language of the log search and makes OpenSearch filters of it. What people write never reaches
 * OpenSearch as a query string, only as values of filters that are made here.
 *
 * <pre>
 * query  = { term }                        all terms must hold
 * term   = word | field ":" value
 * value  = text | quoted | text "*"        text fields; a star at the end matches the beginning
 *        | [ ">=" | "&gt;" | "&lt;=" | "&lt;" ] number | number ".." number
 *        | address [ "/" bits ]            client
 * quoted = '"' { any character, \" or \\ } '"'
 * </pre>
 */
final class LogQueryParser {

    static final int MAX_LENGTH = 1_000;
    static final int MAX_TERMS = 20;

    private static final Pattern NUMBER = Pattern.compile("-?\\d{1,15}(\\.\\d{1,6})?");
    private static final Pattern ADDRESS = Pattern.compile("[0-9a-fA-F:.]{2,45}(/\\d{1,3})?");

    private enum Type {
        TEXT,
        NUMBER,
        ADDRESS
    }

    private record Field(String name, Type type) {}

    private static final Map<String, Field> FIELDS = fields();

    private final String text;
    private int position;

    private LogQueryParser(String text) {
        this.text = text;
    }

    /**
     * The filters that an event must pass.
     *
     * @throws BadLogQuery with the position, from 0, of what cannot be read
     */
    static List<Map<String, Object>> parse(String query) {
        if (query.length() > MAX_LENGTH) {
            throw new BadLogQuery(MAX_LENGTH, "a query has at most %d characters".formatted(MAX_LENGTH));
        }
        return new LogQueryParser(query).terms();
    }

    private List<Map<String, Object>> terms() {
        var filters = new ArrayList<Map<String, Object>>();
        skipSpace();
        while (position < text.length()) {
            if (filters.size() == MAX_TERMS) {
                throw new BadLogQuery(position, "a query has at most %d terms".formatted(MAX_TERMS));
            }
            filters.add(term());
            skipSpace();
        }
        return filters;
    }

    private Map<String, Object> term() {
        if (text.charAt(position) == '"') {
            return words(quoted());
        }
        var start = position;
        while (position < text.length() && isNameCharacter(text.charAt(position))) {
            position++;
        }
        if (position < text.length() && text.charAt(position) == ':' && position > start) {
            var name = text.substring(start, position).toLowerCase(Locale.ROOT);
            var field = FIELDS.get(name);
            if (field == null) {
                throw new BadLogQuery(
                        start,
                        "there is no field %s; there are %s".formatted(name, String.join(", ", FIELDS.keySet())));
            }
            position++;
            return value(field);
        }
        position = start;
        return words(bare());
    }

    private Map<String, Object> value(Field field) {
        var start = position;
        var isQuoted = position < text.length() && text.charAt(position) == '"';
        var value = isQuoted ? quoted() : bare();
        if (value.isEmpty()) {
            throw new BadLogQuery(start, "a value is missing");
        }
        return switch (field.type()) {
            case TEXT -> text(field, value, isQuoted);
            case NUMBER -> number(field, value, start);
            case ADDRESS -> address(field, value, start);
        };
    }

    private static Map<String, Object> text(Field field, String value, boolean isQuoted) {
        if (!isQuoted && value.endsWith("*")) {
            return Map.of("prefix", Map.of(field.name(), value.substring(0, value.length() - 1)));
        }
        return Map.of("term", Map.of(field.name(), value));
    }

    private static Map<String, Object> number(Field field, String value, int start) {
        var dots = value.indexOf("..");
        if (dots >= 0) {
            var range = Map.of(
                    "gte", number(value.substring(0, dots), start), "lte", number(value.substring(dots + 2), start));
            return Map.of("range", Map.of(field.name(), range));
        }
        for (var comparison :
                List.of(Map.entry(">=", "gte"), Map.entry("<=", "lte"), Map.entry(">", "gt"), Map.entry("<", "lt"))) {
            if (value.startsWith(comparison.getKey())) {
                var limit = number(value.substring(comparison.getKey().length()), start);
                return Map.of("range", Map.of(field.name(), Map.of(comparison.getValue(), limit)));
            }
        }
        var number = number(value, start);
        return Map.of("range", Map.of(field.name(), Map.of("gte", number, "lte", number)));
    }

    private static double number(String value, int start) {
        if (!NUMBER.matcher(value).matches()) {
            throw new BadLogQuery(start, "%s is not a number".formatted(value));
        }
        return Double.parseDouble(value);
    }

    private static Map<String, Object> address(Field field, String value, int start) {
        if (!ADDRESS.matcher(value).matches() || !Addresses.isAddressOrNetwork(value)) {
            throw new BadLogQuery(start, "%s is neither an address nor a network".formatted(value));
        }
        return Map.of("term", Map.of(field.name(), value));
    }

    private static Map<String, Object> words(String words) {
        var match = Map.of("query", words, "operator", "and", "zero_terms_query", "all");
        return Map.of("match", Map.of("words", match));
    }

    private String bare() {
        var start = position;
        while (position < text.length() && !Character.isWhitespace(text.charAt(position))) {
            if (text.charAt(position) == '"') {
                throw new BadLogQuery(position, "put the whole value into quotation marks");
            }
            if (Character.isISOControl(text.charAt(position))) {
                throw new BadLogQuery(position, "a control character");
            }
            position++;
        }
        return text.substring(start, position);
    }

    private String quoted() {
        var start = position++;
        var value = new StringBuilder();
        while (position < text.length()) {
            var next = text.charAt(position++);
            if (next == '"') {
                return value.toString();
            }
            if (next == '\\' && position < text.length()) {
                next = text.charAt(position++);
                if (next != '"' && next != '\\') {
                    throw new BadLogQuery(position - 1, "after \\ only \" and \\ can stand");
                }
            } else if (Character.isISOControl(next)) {
                throw new BadLogQuery(position - 1, "a control character");
            }
            value.append(next);
        }
        throw new BadLogQuery(start, "the quotation mark is not closed");
    }

    private void skipSpace() {
        while (position < text.length() && Character.isWhitespace(text.charAt(position))) {
            position++;
        }
    }

    private static boolean isNameCharacter(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    }

    private static Map<String, Field> fields() {
        var fields = new LinkedHashMap<String, Field>();
        for (var name : List.of(
                "stack", "instance", "method", "host", "path", "pool", "member", "verdict", "requestId", "userAgent")) {
            fields.put(name.toLowerCase(Locale.ROOT), new Field(name, Type.TEXT));
        }
        fields.put("service", new Field("virtualService", Type.TEXT));
        fields.put("virtualservice", new Field("virtualService", Type.TEXT));
        fields.put("agent", new Field("userAgent", Type.TEXT));
        fields.put("termination", new Field("terminationState", Type.TEXT));
        for (var name : List.of("status", "bytesIn", "bytesOut", "clientPort")) {
            fields.put(name.toLowerCase(Locale.ROOT), new Field(name, Type.NUMBER));
        }
        fields.put("duration", new Field("durationMs", Type.NUMBER));
        fields.put("client", new Field("clientAddress", Type.ADDRESS));
        return fields;
    }
}
