package io.garrison.edge.haproxy;

import io.garrison.edge.haproxy.Token.Identifier;
import io.garrison.edge.state.DurableFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** {@link SharedTables} over the socket of the current worker. */
final class HaproxyTables implements SharedTables {

    private static final String BEAT = "beat";

    /** A command line has room for 16 KiB. */
    private static final int AT_ONCE = 32;

    private final Layout layout;
    private volatile @Nullable StackLink link;
    /** By this program; what is in the file before may be of another one. */
    private @Nullable String written;

    HaproxyTables(Layout layout) {
        this.layout = layout;
    }

    /** Of the configuration that is in force from now on. */
    void use(@Nullable StackLink now) {
        link = now;
    }

    @Override
    public Optional<StackLink> link() {
        return Optional.ofNullable(link);
    }

    @Override
    public long worker() throws IOException {
        return WorkerReadings.field(ask("show info"), "Pid");
    }

    @Override
    public void beat(Beat beat) throws IOException {
        var now = link;
        if (now != null) {
            tell(List.of(set(Names.beats(now.self()), BEAT) + " data.gpt0 " + beat.millis() + " data.gpc0 "
                    + beat.blocks()));
        }
    }

    @Override
    public Map<UUID, Beat> beats() throws IOException {
        var now = link;
        var beats = new HashMap<UUID, Beat>();
        if (now == null) {
            return beats;
        }
        var commands = new ArrayList<String>();
        now.others().forEach(member -> commands.add(show(Names.beats(member.id()))));
        var tables = Row.byTable(ask(String.join(";", commands)));
        for (var member : now.others()) {
            for (var row : tables.getOrDefault(PeersRenderer.reference(Names.beats(member.id())), List.of())) {
                beats.put(member.id(), new Beat(row.number("gpt0"), row.number("gpc0")));
            }
        }
        return beats;
    }

    @Override
    public Set<UUID> connected() throws IOException {
        var now = link;
        var connected = new HashSet<UUID>();
        if (now == null) {
            return connected;
        }
        var lines = ask("show peers " + PeersRenderer.SECTION.name()).split("\n");
        for (var member : now.others()) {
            var name = "id=" + Names.peer(member.id()).name() + "(remote,active)";
            for (var line : lines) {
                if (line.contains(name) && line.contains("last_status=ESTA")) {
                    connected.add(member.id());
                }
            }
        }
        return connected;
    }

    @Override
    public void publish(List<SharedBlock> blocks) throws IOException {
        var now = link;
        if (now == null) {
            return;
        }
        var commands = new ArrayList<String>();
        for (var block : blocks) {
            commands.add(set(Names.blocks(now.self()), block.key()) + " data.gpt0 " + block.until() + " data.gpc0 "
                    + block.version() + " data.gpc1 " + (block.lifted() ? 1 : 0));
        }
        tell(commands);
    }

    @Override
    public List<SharedBlock> published(UUID member) throws IOException {
        var table = Names.blocks(member);
        var rows = Row.byTable(ask(show(table))).getOrDefault(PeersRenderer.reference(table), List.of());
        return rows.stream()
                .map(row -> new SharedBlock(row.key(), row.number("gpt0"), row.number("gpc0"), row.number("gpc1") != 0))
                .toList();
    }

    /** The file first: a worker that starts meanwhile reads it. */
    @Override
    public synchronized void block(Map<String, Long> untilByRange) throws IOException {
        var wanted = new TreeMap<>(untilByRange);
        var text = new StringBuilder();
        wanted.forEach(
                (range, until) -> text.append(range).append(' ').append(until).append('\n'));
        if (!text.toString().equals(written)) {
            DurableFiles.replace(layout.blocked(), text.toString().getBytes(StandardCharsets.US_ASCII));
            written = text.toString();
        }
        var map = layout.blocked().toString().replace(" ", "\\ ");
        var answer = ask("show map " + map);
        if (answer.startsWith("Unknown map")) {
            // The configuration has no virtual service yet, or is from before there were blocks: the next one reads it.
            return;
        }
        var held = held(answer);
        var commands = new ArrayList<String>();
        held.keySet().stream()
                .filter(range -> !wanted.containsKey(range))
                .forEach(range -> commands.add("del map " + map + " " + range));
        wanted.forEach((range, until) -> {
            var before = held.get(range);
            if (!until.equals(before)) {
                commands.add((before == null ? "add" : "set") + " map " + map + " " + range + " " + until);
            }
        });
        tell(commands);
    }

    @Override
    public void persistent(String service, String pool, Persistent each) throws IOException {
        var table = Names.backend(service, pool).name();
        boolean[] known = {false};
        RuntimeSocket.lines(layout.stats(), "show table " + table, line -> {
            var row = new Row(line + " ");
            known[0] |= line.startsWith("# table: " + table + ",");
            if (line.startsWith("0x") && row.number("exp") > 0 && row.isOfMember()) {
                each.entry(table, row.key(), row.value("server_key"));
            }
        });
        if (!known[0]) {
            throw new IOException("HAProxy has no table of clients for " + service + " and " + pool);
        }
    }

    private static Map<String, Long> held(String answer) {
        var held = new HashMap<String, Long>();
        for (var line : answer.split("\n")) {
            var words = line.strip().split(" ");
            if (words.length == 3 && words[2].matches("\\d{1,12}")) {
                held.put(words[1], Long.parseLong(words[2]));
            }
        }
        return held;
    }

    private static String set(Identifier table, String key) {
        return "set table " + PeersRenderer.reference(table) + " key " + key;
    }

    private static String show(Identifier table) {
        return "show table " + PeersRenderer.reference(table);
    }

    private void tell(List<String> commands) throws IOException {
        for (int from = 0; from < commands.size(); from += AT_ONCE) {
            var some = commands.subList(from, Math.min(from + AT_ONCE, commands.size()));
            var answer = ask(String.join(";", some));
            if (!answer.isBlank()) {
                throw new IOException("HAProxy did not take a table's entry: "
                        + answer.strip().lines().findFirst().orElse(""));
            }
        }
    }

    private String ask(String command) throws IOException {
        return RuntimeSocket.ask(layout.stats(), command);
    }

    /** One line of {@code show table}; there may be many, so it is not taken apart. */
    private record Row(String line) {

        static Map<String, List<Row>> byTable(String answer) {
            var tables = new HashMap<String, List<Row>>();
            var rows = new ArrayList<Row>();
            for (var line : answer.split("\n")) {
                if (line.startsWith("# table: ")) {
                    rows = new ArrayList<>();
                    tables.put(line.substring("# table: ".length(), line.indexOf(',')), rows);
                } else if (line.startsWith("0x")) {
                    rows.add(new Row(line + " "));
                }
            }
            return tables;
        }

        String key() {
            return value("key");
        }

        long number(String name) {
            var text = value(name);
            return text.matches("\\d{1,18}") ? Long.parseLong(text) : 0;
        }

        /** HAProxy goes by the name; there is none before the first answer of the member. */
        boolean isOfMember() {
            return !List.of("", "-").contains(value("server_key"));
        }

        private String value(String name) {
            var sought = " " + name + "=";
            int at = line.indexOf(sought);
            return at < 0 ? "" : line.substring(at + sought.length(), line.indexOf(' ', at + sought.length()));
        }
    }
}
