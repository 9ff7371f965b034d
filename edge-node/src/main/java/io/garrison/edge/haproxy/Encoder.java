package io.garrison.edge.haproxy;

import io.garrison.edge.haproxy.HaproxyConfig.Directive;
import java.util.List;

/** The only place that writes HAProxy's language. */
final class Encoder {

    private Encoder() {}

    static String encode(HaproxyConfig config) {
        var out = new StringBuilder(8_192);
        for (var section : config.sections()) {
            out.append(section.type());
            if (section.name() != null) {
                out.append(' ').append(section.name().name());
            }
            out.append('\n');
            for (var directive : section.directives()) {
                append(directive, out);
            }
            out.append('\n');
        }
        return out.toString();
    }

    private static void append(Directive directive, StringBuilder out) {
        int words = 0;
        out.append("   ");
        for (var token : directive.tokens()) {
            for (var word : words(token)) {
                out.append(' ').append(word);
                words++;
            }
        }
        // HAProxy counts the end of the line as an argument
        Text.require(words < HaproxyConfig.MAX_WORDS, "line of more than 63 words");
        out.append('\n');
    }

    static List<String> words(Token token) {
        return switch (token) {
            case Token.Keyword keyword -> List.of(keyword.word());
            case Token.Identifier identifier -> List.of(identifier.name());
            case Token.Endpoint endpoint -> List.of(endpoint.text());
            case Token.Number number -> List.of(number.value() + number.unit());
            case Token.Literal literal -> List.of(quoted(literal.value()));
            case Token.LogLiteral literal -> List.of(quoted(literal.value().replace("%", "%%")));
            case Token.Pattern pattern -> List.of("--", quoted(pattern.value()));
            case Token.Format format -> List.of(quoted(format.format()));
        };
    }

    /** Nothing is special between single quotes but the single quote. */
    private static String quoted(String value) {
        return "'" + value.replace("'", "'\\''") + "'";
    }
}
