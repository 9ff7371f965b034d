package io.garrison.edge.haproxy;

import io.garrison.edge.haproxy.HaproxyConfig.Lines;
import io.garrison.edge.haproxy.HaproxyConfig.Section;
import io.garrison.edge.haproxy.Token.Identifier;
import io.garrison.edge.haproxy.Token.Keyword;
import io.garrison.edge.haproxy.Token.Literal;
import io.garrison.protocol.ProtocolJson;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The tables that the instances of a stack share. Updates carry absolute values, so of a table that two of them write,
 * counts are lost; therefore each table has one instance that writes it, and whoever wants to know the whole adds up.
 */
final class PeersRenderer {

    static final Identifier SECTION = new Identifier("stack");

    /** What beats and blocks hold in, in HAProxy's names; see {@link SharedTables}. */
    private static final String BEATS = "type string len 32 size 16 expire 1h store gpt0,gpc0";

    private static final String BLOCKS = "type string len 192 size 20k expire 8d store gpt0,gpc0,gpc1";

    private final StackLink link;
    private final Layout layout;
    private final Map<Path, byte[]> files;
    private final List<List<Token>> tables = new ArrayList<>();

    PeersRenderer(StackLink link, Layout layout, Map<Path, byte[]> files) {
        this.link = link;
        this.layout = layout;
        this.files = files;
        for (var member : link.members()) {
            table(Names.beats(member.id()), BEATS);
            table(Names.blocks(member.id()), BLOCKS);
        }
    }

    StackLink link() {
        return link;
    }

    void table(Identifier name, String definition) {
        var tokens = new ArrayList<Token>();
        tokens.add(name);
        tokens.addAll(PolicyRenderer.keywords(definition));
        tables.add(tokens);
    }

    /** How a rule names a table of the section. */
    static String reference(Identifier table) {
        return SECTION.name() + "/" + table.name();
    }

    Section section() {
        var certificate = file(link.certificate());
        var anchors = file(link.anchors());
        var lines = new Lines().add("bind", link.own().endpoint(), tls(certificate, anchors));
        for (var member : link.members()) {
            boolean own = member.id().equals(link.self());
            // The own line as well: without its name, an old worker could not teach the new one after a reload.
            lines.add(
                    "server",
                    Names.peer(member.id()),
                    own ? List.of() : List.of(member.endpoint()),
                    tls(certificate, anchors),
                    "verifyhost",
                    new Literal(member.id().toString()));
        }
        tables.forEach(table -> lines.add("table", table));
        return lines.section("peers", SECTION);
    }

    private static List<Token> tls(Literal certificate, Literal anchors) {
        return List.of(
                new Keyword("ssl"),
                new Keyword("crt"),
                certificate,
                new Keyword("ca-file"),
                anchors,
                new Keyword("verify"),
                new Keyword("required"),
                new Keyword("ssl-min-ver"),
                new Keyword("TLSv1.3"));
    }

    private Literal file(String pem) {
        byte[] bytes = pem.getBytes(StandardCharsets.UTF_8);
        var file = layout.certificates().resolve("stack-" + ProtocolJson.sha256Hex(bytes) + ".pem");
        files.put(file, bytes);
        return new Literal(file.toString());
    }
}
