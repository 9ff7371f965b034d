package io.garrison.edge.state;

import java.util.regex.Pattern;

/**
 * Where something listens.
 *
 * @param host a name or an address; an address of version 6 without brackets
 * @param port 1–65,535
 */
public record HostPort(String host, int port) {

    private static final Pattern BRACKETED = Pattern.compile("\\[([0-9A-Fa-f:.]{2,45})](?::(\\d{1,5}))?");
    private static final Pattern NAMED = Pattern.compile("([A-Za-z0-9._-]{1,253})(?::(\\d{1,5}))?");
    private static final Pattern BARE_SIX = Pattern.compile("[0-9A-Fa-f:.]{2,45}");

    /** @throws IllegalArgumentException if the text is neither {@code host} nor {@code host:port} */
    public static HostPort parse(String text, int otherwise) {
        var word = text.strip();
        for (var pattern : new Pattern[] {NAMED, BRACKETED}) {
            var matcher = pattern.matcher(word);
            if (matcher.matches()) {
                int port = matcher.group(2) == null ? otherwise : Integer.parseInt(matcher.group(2));
                if (port >= 1 && port <= 65_535) {
                    return new HostPort(matcher.group(1), port);
                }
            }
        }
        if (word.indexOf(':') != word.lastIndexOf(':') && BARE_SIX.matcher(word).matches()) {
            return new HostPort(word, otherwise);
        }
        throw new IllegalArgumentException("must be host or host:port, not " + text);
    }

    @Override
    public String toString() {
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
    }
}
