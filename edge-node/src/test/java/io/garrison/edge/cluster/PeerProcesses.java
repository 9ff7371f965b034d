package io.garrison.edge.cluster;

import static io.garrison.edge.testing.ScriptedGateway.await;

import io.garrison.edge.testing.JoinedEdge;
import io.garrison.protocol.InstancePlan.Member;
import io.garrison.protocol.ProtocolJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The members of a stack, each a process, and what they said. */
public final class PeerProcesses implements AutoCloseable {

    /** Options of virtual machines of which many fit. */
    public static final List<String> SMALL = List.of("-Xmx48m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

    private final List<Peer> peers = new ArrayList<>();
    private final List<Member> members = new ArrayList<>();
    private final Path directory;
    private final List<String> options;
    private final int silenceMs;
    private final @Nullable PeerNetwork network;

    /** One of them. */
    public final class Peer {
        final int number;
        private final List<String> lines = new CopyOnWriteArrayList<>();
        private final List<String> events = new CopyOnWriteArrayList<>();
        private Process process;

        Peer(int number) throws IOException {
            this.number = number;
            start();
        }

        public UUID id() {
            return TestStack.instance(number);
        }

        public long pid() {
            return process.pid();
        }

        /** Moment, main, role, splits, quorum, members. */
        public List<String> last() {
            return lines.isEmpty()
                    ? List.of("0", "null", "", "0", "false")
                    : List.of(lines.getLast().split(" "));
        }

        public List<String> lines() {
            return List.copyOf(lines);
        }

        /** Codes of the events so far. */
        public List<String> events() {
            return List.copyOf(events);
        }

        public boolean isHealthy(Peer other) {
            return last().stream().anyMatch(word -> word.startsWith(other.number + "=healthy@"));
        }

        /** Whether it sees that member well, and at that address. */
        public boolean knows(Peer other, String address) {
            return last().contains(other.number + "=healthy@" + address);
        }

        public void signal(String name) throws IOException, InterruptedException {
            new ProcessBuilder("kill", "-" + name, Long.toString(pid())).start().waitFor();
        }

        private void hear(String line) {
            if (line.startsWith("event ")) {
                events.add(line.substring(6));
            } else {
                lines.add(line);
            }
        }

        public void start() throws IOException {
            var command = new ArrayList<>(network == null ? List.of() : PeerNetwork.within(number));
            command.add(System.getProperty("java.home") + "/bin/java");
            command.addAll(options);
            command.addAll(List.of(
                    "-cp",
                    System.getProperty("java.class.path"),
                    PeerProcess.class.getName(),
                    directory.resolve("peer-" + number).toString(),
                    "cluster.enabled=true",
                    "health.check-interval-secs=1",
                    "election.timeout-min-ms=" + silenceMs,
                    "election.timeout-max-ms=" + 2 * silenceMs,
                    "gossip.port=" + members.get(number - 1).port()));
            if (network == null) {
                command.add("cluster.address=127.0.0.1");
            }
            process = new ProcessBuilder(command)
                    .redirectError(directory.resolve("peer-" + number + ".log").toFile())
                    .start();
            var out = process.inputReader();
            Thread.ofPlatform().daemon().start(() -> out.lines().forEach(this::hear));
        }
    }

    /** Members on machines of that network. */
    static PeerProcesses on(PeerNetwork network, Path directory, int count, int silenceMs) throws Exception {
        return new PeerProcesses(directory, count, silenceMs, SMALL, network);
    }

    /**
     * @param silenceMs of the main before others stand; the most is twice of it
     * @param options of the virtual machines
     */
    public PeerProcesses(Path directory, int count, int silenceMs, List<String> options) throws Exception {
        this(directory, count, silenceMs, options, null);
    }

    private PeerProcesses(Path directory, int count, int silenceMs, List<String> options, @Nullable PeerNetwork network)
            throws Exception {
        this.network = network;
        this.silenceMs = silenceMs;
        this.directory = directory;
        this.options = options;
        var stack = network == null ? new TestStack() : new TestStack(PeerNetwork.MANAGEMENT);
        for (int i = 1; i <= count; i++) {
            members.add(
                    TestStack.member(i, network == null ? "127.0.0.1" : PeerNetwork.address(i), JoinedEdge.freePort()));
        }
        for (int i = 1; i <= count; i++) {
            var own = Files.createDirectories(directory.resolve("peer-" + i));
            var identity = stack.identity(i);
            Files.write(own.resolve("identity.json"), ProtocolJson.write(identity));
            stack.keeper(own, identity, members, i);
            peers.add(new Peer(i));
        }
    }

    public List<Peer> peers() {
        return peers;
    }

    /** Until all of these see each other well and follow one of them. */
    public Peer awaitSettled(List<Peer> those, Duration limit) throws InterruptedException {
        await(
                "settled: " + those.stream().map(Peer::last).toList(),
                limit,
                () -> main(those) != null
                        && those.stream().allMatch(peer -> those.stream().allMatch(peer::isHealthy)));
        return Objects.requireNonNull(main(those));
    }

    /** The one whom all of these follow; nobody if they don't follow one of them. */
    public Peer main(List<Peer> those) {
        return those.stream()
                .filter(peer -> those.stream()
                        .allMatch(other -> other.last().get(1).equals(peer.id().toString())))
                .findFirst()
                .orElse(null);
    }

    public List<Peer> others(Predicate<Peer> without) {
        return peers.stream().filter(without.negate()).toList();
    }

    @Override
    public void close() throws InterruptedException {
        for (var peer : peers) {
            peer.process.destroyForcibly().waitFor();
        }
    }
}
