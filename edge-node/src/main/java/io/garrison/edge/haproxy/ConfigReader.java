package io.garrison.edge.haproxy;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Reads a configuration by the quoting rules of HAProxy's manual (section 2.2), sharing nothing with {@link Encoder}.
 * Refuses what the manual allows but a rendered file never holds: variables, conditions other than the one of {@link Rereading}, NUL,
 * unfinished quotes.
 */
final class ConfigReader {

    private static final Set<String> CONDITION = Set.of(Rereading.SINCE_ZERO_COPY, ".endif");

    private final byte[] file;
    private int at;

    private ConfigReader(byte[] file) {
        this.file = file;
    }

    /** Lines of words, without empty lines and comments. */
    static List<List<String>> read(byte[] file) {
        var reader = new ConfigReader(file);
        var lines = new ArrayList<List<String>>();
        while (reader.at < file.length) {
            var line = reader.line();
            if (!line.isEmpty()) {
                lines.add(line);
            }
        }
        return lines;
    }

    private List<String> line() {
        var words = new ArrayList<String>();
        while (at < file.length) {
            int c = file[at];
            if (c == '\n') {
                at++;
                break;
            } else if (c == '#') {
                while (at < file.length && file[at] != '\n') {
                    at++;
                }
            } else if (c == ' ' || c == '\t') {
                at++;
            } else {
                words.add(word());
            }
        }
        if (!words.isEmpty() && words.getFirst().startsWith(".") && !CONDITION.contains(String.join(" ", words))) {
            throw differs("a preprocessor line");
        }
        return words;
    }

    private String word() {
        var word = new ByteArrayOutputStream(32);
        while (at < file.length) {
            int c = file[at];
            if (c == ' ' || c == '\t' || c == '\n' || c == '#') {
                break;
            }
            at++;
            switch (c) {
                case '\'' -> strong(word);
                case '"' -> weak(word);
                case '\\' -> word.write(escaped(false));
                case 0, '\r' -> throw differs("a control character");
                default -> word.write(c);
            }
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(word.toByteArray()))
                    .toString();
        } catch (CharacterCodingException e) {
            throw differs("bytes that are not UTF-8");
        }
    }

    private void strong(ByteArrayOutputStream word) {
        for (int c = next(); c != '\''; c = next()) {
            word.write(c);
        }
    }

    private void weak(ByteArrayOutputStream word) {
        for (int c = next(); c != '"'; c = next()) {
            if (c == '$') {
                throw differs("a variable");
            }
            word.write(c == '\\' ? escaped(true) : c);
        }
    }

    private int escaped(boolean weak) {
        int c = next();
        return switch (c) {
            case '\\', '"' -> c;
            case '\'', ' ', '#' -> {
                if (weak && c != '\'') {
                    throw differs("an escape without meaning");
                }
                yield c;
            }
            default -> throw differs("an escape that a rendered file never holds");
        };
    }

    private int next() {
        if (at == file.length || file[at] == '\n' || file[at] == '\r' || file[at] == 0) {
            throw differs("a quote that does not end in its line");
        }
        return file[at++];
    }

    private static PolicyRefusedException differs(String what) {
        return new PolicyRefusedException("rendering-differs", "The rendered configuration holds " + what + ".");
    }
}
