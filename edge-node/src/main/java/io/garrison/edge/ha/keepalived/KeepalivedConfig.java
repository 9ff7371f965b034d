package io.garrison.edge.ha.keepalived;

import java.util.List;

/** A configuration of keepalived as a tree; {@link Encoder} alone writes it down. */
record KeepalivedConfig(List<Block> blocks) {

    KeepalivedConfig {
        blocks = List.copyOf(blocks);
    }

    sealed interface Entry {}

    record Line(List<Token> tokens) implements Entry {
        Line {
            tokens = List.copyOf(tokens);
        }

        static Line of(String keyword, Token... rest) {
            return new Line(java.util.stream.Stream.concat(
                            java.util.stream.Stream.of(new Token.Keyword(keyword)), java.util.stream.Stream.of(rest))
                    .toList());
        }
    }

    record Block(List<Token> head, List<Entry> body) implements Entry {
        Block {
            head = List.copyOf(head);
            body = List.copyOf(body);
        }

        static Block of(String keyword, List<? extends Entry> body) {
            return new Block(List.of(new Token.Keyword(keyword)), List.copyOf(body));
        }

        static Block of(String keyword, Token name, List<? extends Entry> body) {
            return new Block(List.of(new Token.Keyword(keyword), name), List.copyOf(body));
        }
    }
}
