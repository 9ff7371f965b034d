package io.garrison.edge.haproxy;

import io.garrison.edge.haproxy.HaproxyConfig.Directive;
import io.garrison.edge.haproxy.HaproxyConfig.Section;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;

/** Compares what a file says, read by {@link ConfigReader}, with what the model means. */
final class Rereading {

    /** The only condition that is ever written. */
    static final String SINCE_ZERO_COPY = ".if version_atleast(2.9)";

    private static final Set<String> PROXY = Set.of(
            "mode",
            "log",
            "log-format",
            "timeout",
            "option",
            "maxconn",
            "bind",
            "http-request",
            "http-after-response",
            "tcp-request",
            "stick-table",
            "default_backend",
            "use_backend",
            "unique-id-format",
            "balance",
            "hash-type",
            "cookie",
            "stick",
            "http-check",
            "server",
            "retries");

    private static final Map<String, Set<String>> ALLOWED = Map.of(
            "global",
            Set.of(
                    "stats",
                    "maxconn",
                    "nbthread",
                    "hard-stop-after",
                    "noreuseport",
                    "chroot",
                    "user",
                    "group",
                    "ssl-default-bind-options",
                    "localpeer",
                    ".if",
                    "tune.disable-zero-copy-forwarding",
                    ".endif"),
            "ring",
            Set.of("format", "maxlen", "size", "timeout", "server"),
            "peers",
            Set.of("bind", "server", "table"),
            "defaults",
            PROXY,
            "frontend",
            PROXY,
            "backend",
            PROXY);

    private static final Map<String, Set<String>> VERBS = Map.of(
            "http-after-response", Set.of("set-header"),
            "http-request",
                    Set.of(
                            "deny",
                            "set-header",
                            "del-header",
                            "capture",
                            "set-var(txn.verdict)",
                            "set-var(txn.blocked)",
                            "set-var(txn.persecond)",
                            "set-var(txn.perminute)"),
            "tcp-request", Set.of("connection", "content"),
            "http-check", Set.of("send", "expect"),
            "stick", Set.of("on"),
            "stats", Set.of("socket", "timeout"),
            ".if", Set.of("version_atleast(2.9)"),
            "option",
                    Set.of(
                            "httpchk",
                            "idle-close-on-response",
                            "http-ignore-probes",
                            "disable-h2-upgrade",
                            "redispatch"));

    private Rereading() {}

    /** @throws PolicyRefusedException {@code rendering-differs} at the first difference */
    static void requireSame(byte[] file, HaproxyConfig model) {
        var lines = new ArrayDeque<>(ConfigReader.read(file));
        for (var section : model.sections()) {
            var name = section.name();
            requireEqual(nextOf(lines), name == null ? List.of(section.type()) : List.of(section.type(), name.name()));
            requireSame(section, lines);
        }
        if (!lines.isEmpty()) {
            throw differs("more lines than the model");
        }
    }

    private static void requireSame(Section section, Queue<List<String>> lines) {
        var allowed = ALLOWED.get(section.type());
        if (allowed == null) {
            throw differs("an unknown section");
        }
        for (var directive : section.directives()) {
            var words = nextOf(lines);
            if (words.isEmpty() || !allowed.contains(words.getFirst())) {
                throw differs("a directive that is not on the list");
            }
            var verbs = VERBS.get(words.getFirst());
            if (verbs != null && (words.size() < 2 || !verbs.contains(words.get(1)))) {
                throw differs("a rule that is not on the list");
            }
            requireMeaning(directive, new ArrayDeque<>(words));
        }
    }

    private static void requireMeaning(Directive directive, Queue<String> words) {
        for (var token : directive.tokens()) {
            switch (token) {
                case Token.Keyword keyword -> requireWord(words, keyword.word());
                case Token.Identifier identifier -> requireWord(words, identifier.name());
                case Token.Number number -> requireWord(words, number.value() + number.unit());
                case Token.Literal literal -> requireWord(words, literal.value());
                case Token.Format format -> requireWord(words, format.format());
                case Token.LogLiteral literal -> requireLiteral(words.poll(), literal.value());
                case Token.Pattern pattern -> {
                    requireWord(words, "--");
                    requireWord(words, pattern.value());
                }
                case Token.Endpoint endpoint -> requireEndpoint(words.poll(), endpoint);
            }
        }
        if (!words.isEmpty()) {
            throw differs("an argument too many");
        }
    }

    private static void requireEndpoint(@org.jspecify.annotations.Nullable String word, Token.Endpoint endpoint) {
        if (word == null || !word.matches("ipv[46]@.+:\\d{1,5}")) {
            throw differs("something else than an address");
        }
        int colon = word.lastIndexOf(':');
        var host = word.substring(5, colon).replaceAll("^\\[|\\]$", "");
        if (!Ip.parse(host).equals(endpoint.ip())
                || Integer.parseInt(word.substring(colon + 1)) != endpoint.port()
                || (word.charAt(3) == '6') != endpoint.ip().isV6()) {
            throw differs("another address");
        }
    }

    /** Reads a log format that must not interpret anything. */
    private static void requireLiteral(@org.jspecify.annotations.Nullable String word, String meant) {
        if (word == null) {
            throw differs("an argument too few");
        }
        var said = new StringBuilder();
        for (int i = 0; i < word.length(); i++) {
            char c = word.charAt(i);
            if (c == '%' && (++i == word.length() || word.charAt(i) != '%')) {
                throw differs("a live log format");
            }
            said.append(c);
        }
        if (!said.toString().equals(meant)) {
            throw differs("another argument");
        }
    }

    private static void requireWord(Queue<String> words, String meant) {
        if (!meant.equals(words.poll())) {
            throw differs("another argument");
        }
    }

    private static void requireEqual(List<String> said, List<String> meant) {
        if (!said.equals(meant)) {
            throw differs("another section");
        }
    }

    private static List<String> nextOf(Queue<List<String>> lines) {
        var next = lines.poll();
        if (next == null) {
            throw differs("fewer lines than the model");
        }
        return next;
    }

    private static PolicyRefusedException differs(String what) {
        return new PolicyRefusedException("rendering-differs", "The rendered configuration holds " + what + ".");
    }
}
