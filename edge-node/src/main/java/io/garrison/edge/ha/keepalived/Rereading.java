package io.garrison.edge.ha.keepalived;

import io.garrison.edge.ha.keepalived.KeepalivedConfig.Block;
import io.garrison.edge.ha.keepalived.KeepalivedConfig.Entry;
import io.garrison.edge.ha.keepalived.KeepalivedConfig.Line;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads a written configuration as keepalived would, knowing nothing of the encoder, and compares it with what was meant.
 * The language: a line is words; an opening brace ends a line that begins a block, a closing brace stands alone; text
 * between double quotes is one word; everything else that keepalived gives a meaning to is refused.
 */
final class Rereading {

    private static final String MEANINGFUL = "#!$~@<>'\\\t\r";

    private final List<String> lines;
    private int next;

    private Rereading(List<String> lines) {
        this.lines = lines;
    }

    /** @throws IllegalStateException if the file says anything else than the model */
    static void requireSame(String file, KeepalivedConfig config) {
        var found = read(file);
        var meant = config.blocks().stream().map(Rereading::meaning).toList();
        if (!found.equals(meant)) {
            throw new IllegalStateException("the written configuration of keepalived does not say what was meant");
        }
    }

    /** @param body null for a line */
    record Node(
            List<String> words,
            @org.jspecify.annotations.Nullable List<Node> body) {}

    static List<Node> read(String file) {
        if (!file.endsWith("\n")) {
            throw new IllegalStateException("the last line does not end");
        }
        var reading = new Rereading(List.of(file.split("\n", -1)));
        var nodes = reading.nodes(0);
        if (reading.next != reading.lines.size()) {
            throw new IllegalStateException("a block ends that never began");
        }
        return nodes;
    }

    private List<Node> nodes(int depth) {
        var nodes = new ArrayList<Node>();
        while (next < lines.size()) {
            var words = words(lines.get(next++));
            if (words.isEmpty()) {
                continue;
            }
            if (words.getLast().equals("{") && words.size() > 1) {
                nodes.add(new Node(List.copyOf(words.subList(0, words.size() - 1)), nodes(depth + 1)));
            } else if (words.equals(List.of("}")) && depth > 0) {
                return nodes;
            } else if (words.contains("{") || words.contains("}")) {
                throw new IllegalStateException("a brace stands where none may");
            } else {
                nodes.add(new Node(List.copyOf(words), null));
            }
        }
        if (depth > 0) {
            throw new IllegalStateException("a block does not end");
        }
        return nodes;
    }

    private static List<String> words(String line) {
        var words = new ArrayList<String>();
        int at = 0;
        while (at < line.length()) {
            char c = line.charAt(at);
            if (c == ' ') {
                at++;
            } else if (c == '"') {
                int end = line.indexOf('"', at + 1);
                if (end < 0 || line.substring(at, end).contains("\\")) {
                    throw new IllegalStateException("a quotation does not end");
                }
                words.add(line.substring(at + 1, end));
                at = end + 1;
            } else {
                int end = at;
                while (end < line.length() && line.charAt(end) != ' ') {
                    if (MEANINGFUL.indexOf(line.charAt(end)) >= 0 || line.charAt(end) == '"') {
                        throw new IllegalStateException("a character with a meaning of its own");
                    }
                    end++;
                }
                words.add(line.substring(at, end));
                at = end;
            }
        }
        return words;
    }

    private static Node meaning(Entry entry) {
        return switch (entry) {
            case Line line -> new Node(said(line.tokens()), null);
            case Block block ->
                new Node(
                        said(block.head()),
                        block.body().stream().map(Rereading::meaning).toList());
        };
    }

    private static List<String> said(List<Token> tokens) {
        return tokens.stream().map(Token::word).toList();
    }
}
