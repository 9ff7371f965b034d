package io.garrison.edge.ha.keepalived;

import io.garrison.edge.ha.keepalived.KeepalivedConfig.Block;
import io.garrison.edge.ha.keepalived.KeepalivedConfig.Entry;
import io.garrison.edge.ha.keepalived.KeepalivedConfig.Line;
import java.util.List;
import java.util.stream.Collectors;

/** The only place that writes keepalived's language. */
final class Encoder {

    private Encoder() {}

    static String encode(KeepalivedConfig config) {
        var out = new StringBuilder(4_096);
        config.blocks().forEach(block -> append(block, 0, out));
        return out.toString();
    }

    private static void append(Entry entry, int depth, StringBuilder out) {
        var indent = "    ".repeat(depth);
        switch (entry) {
            case Line line -> out.append(indent).append(words(line.tokens())).append('\n');
            case Block block -> {
                out.append(indent).append(words(block.head())).append(" {\n");
                block.body().forEach(inner -> append(inner, depth + 1, out));
                out.append(indent).append("}\n");
            }
        }
    }

    private static String words(List<Token> tokens) {
        return tokens.stream().map(Encoder::word).collect(Collectors.joining(" "));
    }

    private static String word(Token token) {
        return token instanceof Token.Quoted quoted ? '"' + quoted.word() + '"' : token.word();
    }
}
