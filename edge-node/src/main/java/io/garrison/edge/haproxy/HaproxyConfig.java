package io.garrison.edge.haproxy;

import io.garrison.edge.haproxy.Token.Keyword;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A configuration as sections of directives of tokens. */
record HaproxyConfig(List<Section> sections) {

    /** HAProxy's own limit of arguments in a line. */
    static final int MAX_WORDS = 64;

    HaproxyConfig {
        sections = List.copyOf(sections);
    }

    record Section(String type, Token.@Nullable Identifier name, List<Directive> directives) {
        Section {
            directives = List.copyOf(directives);
        }
    }

    record Directive(List<Token> tokens) {
        Directive {
            tokens = List.copyOf(tokens);
        }
    }

    /** Collects the directives of one section. */
    static final class Lines {
        private final List<Directive> directives = new ArrayList<>();

        /** A string is one keyword for each of its words; it must come from the source. */
        Lines add(Object... parts) {
            var tokens = new ArrayList<Token>();
            for (var part : parts) {
                switch (part) {
                    case Token token -> tokens.add(token);
                    case String words -> {
                        for (var word : words.split(" ", -1)) {
                            tokens.add(new Keyword(word));
                        }
                    }
                    case List<?> list -> list.forEach(token -> tokens.add((Token) token));
                    default ->
                        throw new IllegalArgumentException(part.getClass().getName());
                }
            }
            directives.add(new Directive(tokens));
            return this;
        }

        Section section(String type, Token.@Nullable Identifier name) {
            return new Section(type, name, directives);
        }
    }
}
