package io.garrison.edge.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.garrison.edge.cli.Console;
import io.garrison.edge.cli.EdgeCommand;
import io.garrison.edge.ha.keepalived.HaFiles;
import io.garrison.edge.ha.keepalived.PlanRenderer;
import io.garrison.edge.haproxy.HaproxyDataPlane;
import io.garrison.edge.haproxy.HaproxySettings;
import io.garrison.edge.haproxy.HaproxySockets;
import io.garrison.edge.state.StateDirectory;
import io.garrison.protocol.Availability;
import io.garrison.protocol.HaSettings;
import io.garrison.protocol.InstancePlan;
import io.garrison.protocol.InstancePlan.LinkPair;
import io.garrison.protocol.InstancePlan.Member;
import io.garrison.protocol.Policy;
import io.garrison.protocol.ProtocolJson;
import io.garrison.protocol.VirtualRouter;
import io.garrison.protocol.VirtualRouter.VirtualAddress;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Two instances with shared addresses, or three, each as a machine, their clients and back ends as another; real agents,
 * HAProxy and keepalived. Each instance has a scripted management of its own.
 */
public final class HaPair implements AutoCloseable {

    public static final String SHARED = "10.98.22.100";
    public static final String SHARED_TOO = "10.98.22.101";
    public static final String SHARED_V6 = "fd98:22::64";

    /** Of the service on {@link #SHARED} that keeps clients by their address. */
    public static final int SHOP_PORT = 81;

    public static final Duration SOON = Duration.ofSeconds(60);

    private static final UUID HISTORY = new UUID(9, 1);
    private static final String LAN = "ghl" + ProcessHandle.current().pid();

    public final Machine first;
    public final Machine second;
    public final List<Machine> machines = new ArrayList<>();
    private final List<Process> started = new ArrayList<>();
    private final Map<String, Probes> clients = new HashMap<>();
    private long planNumber;

    @Nullable
    private HaSettings planned;

    private long revision;

    /** One instance. */
    public final class Machine implements AutoCloseable {
        public final UUID id;
        public final String name;
        public final String address;
        public final String addressV6;
        public final String backAddress;
        public final String namespace;
        public final ScriptedGateway gateway;
        public final StateDirectory state;
        private final String port;
        private final String way;

        @Nullable
        private EdgeProcess agent;

        @Nullable
        private InstancePlan plan;

        private Machine(Path directory, int index) throws Exception {
            id = new UUID(1, 2 + index);
            name = List.of("one", "two", "three").get(index - 1);
            namespace = "gh" + index + ProcessHandle.current().pid();
            address = "10.98.22.1" + index;
            addressV6 = "fd98:22::1" + index;
            backAddress = "10.98.23.1" + index;
            port = "p" + index;
            // On this machine, where other pairs may be as well.
            var management = "10.98." + (40 + ProcessHandle.current().pid() % 70 * 3 + index);
            way = "gh" + ProcessHandle.current().pid() % 1_000_000 + "m" + index;
            run("ip", "netns", "add", namespace);
            HaPair.in(namespace, "ip", "link", "set", "lo", "up");
            plug("e0", "p" + index, "br0", address);
            plug("e1", "q" + index, "br1", backAddress);
            HaPair.in(namespace, "ip", "addr", "add", addressV6 + "/64", "dev", "e0", "nodad");
            run("ip", "link", "add", way, "type", "veth", "peer", "name", "e2", "netns", namespace);
            run("ip", "addr", "add", management + ".1/24", "dev", way);
            run("ip", "link", "set", way, "up");
            HaPair.in(namespace, "ip", "addr", "add", management + ".2/24", "dev", "e2");
            HaPair.in(namespace, "ip", "link", "set", "e2", "up");
            gateway = new ScriptedGateway(
                    InetAddress.ofLiteral(management + ".1"),
                    Instant.now().minusSeconds(60),
                    Instant.now().plus(Duration.ofDays(1)));
            gateway.instance = id;
            state = new StateDirectory(directory.resolve(name));
        }

        private void plug(String device, String bridgePort, String bridge, String own) throws Exception {
            HaPair.in(LAN, "ip", "link", "add", bridgePort, "type", "veth", "peer", "name", device, "netns", namespace);
            HaPair.in(LAN, "ip", "link", "set", bridgePort, "master", bridge);
            HaPair.in(LAN, "ip", "link", "set", bridgePort, "gso_max_segs", "1");
            HaPair.in(LAN, "ip", "link", "set", bridgePort, "up");
            HaPair.in(namespace, "ip", "link", "set", device, "gso_max_segs", "1");
            HaPair.in(namespace, "ip", "addr", "add", own + "/24", "dev", device);
            HaPair.in(namespace, "ip", "link", "set", device, "up");
        }

        private void join() throws Exception {
            assertThat(edge(
                            "join",
                            "--url",
                            gateway.url(),
                            "--token",
                            "token-1",
                            "--ca-sha256",
                            gateway.authority.rootSha256(),
                            "--set",
                            "management.port=0",
                            // Each has another bypass.
                            "--set",
                            "bypass.driver=" + (name.equals("one") ? "nft" : "haproxy-tcp")))
                    .isZero();
        }

        private void follow(InstancePlan next) {
            plan = next;
            gateway.plan(next);
        }

        public void start() throws IOException {
            agent = EdgeProcess.start(state, List.of("ip", "netns", "exec", namespace));
        }

        public EdgeProcess agent() {
            return Optional.ofNullable(agent).orElseThrow();
        }

        /** Runs a command of {@code garrison edge} within the machine, where the agent listens; @return what it printed. */
        public String command(String... words) throws Exception {
            var command =
                    new ArrayList<>(List.of("ip", "netns", "exec", namespace, EdgeProcess.LAUNCHER.toString(), "edge"));
            command.addAll(List.of(words));
            command.addAll(List.of("--state", state.root().toString()));
            return run(command.toArray(String[]::new));
        }

        private int edge(String command, String... options) {
            var words = new ArrayList<>(List.of(command, "--state", state.root().toString()));
            words.addAll(List.of(options));
            var said = new ByteArrayOutputStream();
            var console = new Console(new PrintStream(said, true), new PrintStream(said, true));
            int status = new EdgeCommand(console, Clock.systemUTC(), (directory, config, events) -> {
                        throw new IOException("commands here open no data plane");
                    })
                    .run(words);
            assertThat(status).as(said.toString(StandardCharsets.UTF_8)).isZero();
            return status;
        }

        /** Takes its cable to clients away, or plugs it in. */
        public void cable(boolean in) throws Exception {
            HaPair.in(LAN, "ip", "link", "set", port, in ? "up" : "down");
        }

        /** The same of its cable to back ends. */
        public void backCable(boolean in) throws Exception {
            HaPair.in(LAN, "ip", "link", "set", port.replace('p', 'q'), in ? "up" : "down");
        }

        public String in(String... words) throws Exception {
            return HaPair.in(namespace, words);
        }

        /** What its HAProxy answers to a command. */
        public String haproxy(String command) throws IOException {
            var socket = HaproxySockets.of(state.dataPlane()).stats();
            try (var channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
                channel.write(ByteBuffer.wrap((command + "\n").getBytes(StandardCharsets.US_ASCII)));
                channel.shutdownOutput();
                return new String(Channels.newInputStream(channel).readAllBytes(), StandardCharsets.UTF_8);
            }
        }

        /** Makes clients send what is for a shared address here, whatever they are told, until {@link HaPair#listen}. */
        public void keepClients(String shared) throws Exception {
            var mac = in("cat", "/sys/class/net/e0/address").strip();
            HaPair.in(LAN, "ip", "neigh", "replace", shared, "lladdr", mac, "dev", "br0", "nud", "permanent");
        }

        /** Whether the address is on one of its devices. */
        public boolean holds(String shared) throws Exception {
            return in("ip", "-o", "addr", "show").contains(" " + shared + "/");
        }

        public Availability told() {
            var availability = gateway.reports.getLast().availability();
            assertThat(availability).isNotNull();
            return availability;
        }

        /** Its role in a router as it last said. */
        public String role(String router) {
            return gateway.reports.isEmpty()
                    ? "UNKNOWN"
                    : told().routers().stream()
                            .filter(state -> state.name().equals(router))
                            .map(Availability.RouterState::state)
                            .findFirst()
                            .orElse("NONE");
        }

        public boolean isFaulty(String code) {
            return told().faults().stream().anyMatch(fault -> fault.code().equals(code));
        }

        /** Whether an event of this code was ever reported. */
        public boolean toldOf(String code) {
            return gateway.reports.stream()
                    .flatMap(report -> Optional.ofNullable(report.availability()).stream())
                    .flatMap(availability -> availability.events().stream())
                    .anyMatch(event -> event.code().equals(code));
        }

        public long pid(Path file) throws IOException {
            return Long.parseLong(Files.readString(file).strip().split("\\s+")[0]);
        }

        public Path haproxyPid() {
            return state.dataPlane().resolve("run/haproxy.pid");
        }

        /** Its latest events and keepalived's latest words, for whoever has to find out why something went wrong. */
        public String story() {
            var events = gateway.reports.stream()
                    .flatMap(report -> Optional.ofNullable(report.availability()).stream())
                    .flatMap(availability -> availability.events().stream())
                    .distinct()
                    .toList();
            List<String> words;
            try {
                words = Files.readAllLines(state.sharedAddresses().resolve("keepalived.log"));
            } catch (IOException e) {
                words = List.of(e.toString());
            }
            return "\n" + name + ": "
                    + last(events).stream()
                            .map(event -> "\n" + event.at() + " " + event.code() + ": " + event.message())
                            .toList()
                    + "\n" + String.join("\n", last(words));
        }

        private static <T> List<T> last(List<T> all) {
            return all.subList(Math.max(0, all.size() - 30), all.size());
        }

        /** Stops HAProxy's processes in their tracks, or lets them go on. */
        public void hangHaproxy(boolean hang) throws Exception {
            signalHaproxy(hang ? "-STOP" : "-CONT");
        }

        private void signalHaproxy(String signal) throws Exception {
            long master = pid(haproxyPid());
            var words = new ArrayList<>(List.of("kill", signal, Long.toString(master)));
            ProcessHandle.of(master).stream()
                    .flatMap(ProcessHandle::children)
                    .forEach(worker -> words.add(Long.toString(worker.pid())));
            // A worker that a reload has replaced may have ended meanwhile; all others get the signal nevertheless.
            assertThat(new ProcessBuilder(words).start().waitFor(30, TimeUnit.SECONDS))
                    .isTrue();
        }

        public void killKeepalived() throws Exception {
            var parent = state.sharedAddresses().resolve("keepalived.pid");
            var child = state.sharedAddresses().resolve("vrrp.pid");
            run("kill", "-9", Long.toString(pid(parent)), Long.toString(pid(child)));
        }

        /** Master and worker at once. */
        public void killHaproxy() throws Exception {
            signalHaproxy("-9");
        }

        /** Everything that runs there ends without a word. */
        public void lose() throws Exception {
            agent().kill();
            killKeepalived();
            killHaproxy();
        }

        /** HAProxy goes on alone. */
        public void withoutAgent() throws Exception {
            if (agent != null) {
                agent.close();
                agent = null;
            }
            var keepalived = state.sharedAddresses().resolve("keepalived.pid");
            if (Files.exists(keepalived)) {
                var process = ProcessHandle.of(pid(keepalived));
                process.ifPresent(ProcessHandle::destroy);
                ScriptedGateway.await(
                        "keepalived ends",
                        SOON,
                        () -> process.filter(ProcessHandle::isAlive).isEmpty());
            }
        }

        /** As {@link #holds} within conditions. */
        public boolean holdsQuietly(String shared) {
            try {
                return holds(shared);
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        }

        @Override
        public void close() throws Exception {
            withoutAgent();
            HaproxyDataPlane.open(new HaproxySettings(
                            state.dataPlane(), Path.of("/usr/sbin/haproxy"), 100, Duration.ofSeconds(1), false))
                    .stop();
            gateway.close();
        }
    }

    /** Why it can't be had here; empty if it can. */
    public static Optional<String> missing() {
        if (!"root".equals(System.getProperty("user.name"))) {
            return Optional.of("network namespaces need root");
        }
        for (var program : List.of("ip", "nft", "haproxy", "keepalived")) {
            if (!Files.isExecutable(Path.of("/usr/sbin", program))) {
                return Optional.of(program + " is not installed");
            }
        }
        return Optional.empty();
    }

    public HaPair(Path directory) throws Exception {
        this(directory, 2);
    }

    /** @param count 2 or 3 */
    public HaPair(Path directory, int count) throws Exception {
        run("ip", "netns", "add", LAN);
        in(LAN, "ip", "link", "set", "lo", "up");
        for (var bridge : List.of("br0", "br1")) {
            HaPair.in(LAN, "ip", "link", "add", bridge, "type", "bridge");
            HaPair.in(LAN, "ip", "link", "set", bridge, "up");
        }
        in(LAN, "ip", "addr", "add", "10.98.22.9/24", "dev", "br0");
        in(LAN, "ip", "addr", "add", "10.98.23.9/24", "dev", "br1");
        in(LAN, "ip", "addr", "add", "fd98:22::9/64", "dev", "br0", "nodad");
        for (int i = 1; i <= count; i++) {
            machines.add(new Machine(directory, i));
        }
        first = machines.get(0);
        second = machines.get(1);
        var servers =
                peer("serve", "10.98.23.9", "8080", "8081", "8082", "8083").inputReader();
        for (int i = 0; i < 4; i++) {
            assertThat(servers.readLine()).isEqualTo("READY");
        }
        for (var machine : machines) {
            machine.gateway.stackAuthority = first.gateway.stackAuthority;
            machine.join();
            machine.start();
        }
        publish();
    }

    /** Gives all the policy, under the next revision. */
    public long publish() {
        revision++;
        for (var machine : machines) {
            machine.gateway.publish(ScriptedGateway.bundle(HISTORY, revision, Instant.now(), policy(revision)));
        }
        return revision;
    }

    /** Gives both their plans and waits until both follow them. The first is the primary. */
    public void plan(HaSettings ha) throws InterruptedException {
        plan(ha, standby(ha), router("web", 51, SHARED, 150), router("web", 51, SHARED, 100));
        planned = ha;
    }

    /** Whether the latest plan is the one of {@link #plan(HaSettings)} with these values. */
    public boolean isPlanned(HaSettings ha) {
        return ha.equals(planned);
    }

    public void plan(HaSettings one, HaSettings two, VirtualRouter ofOne, VirtualRouter ofTwo)
            throws InterruptedException {
        plan(one, two, List.of(ofOne), List.of(ofTwo));
    }

    public void plan(HaSettings one, HaSettings two, List<VirtualRouter> ofOne, List<VirtualRouter> ofTwo)
            throws InterruptedException {
        plan(Map.of(first, one, second, two), Map.of(first, ofOne, second, ofTwo), machine -> machine.address);
    }

    /** Gives all machines the same values, but that the first is the primary, and waits until they follow them. */
    public void planAll(HaSettings ha, Map<Machine, List<VirtualRouter>> routers, Function<Machine, String> address)
            throws InterruptedException {
        var values = new HashMap<Machine, HaSettings>();
        routers.keySet().forEach(machine -> values.put(machine, machine == first ? ha : standby(ha)));
        plan(values, routers, address);
    }

    /** @param address by which members are known to each other */
    private void plan(
            Map<Machine, HaSettings> ha, Map<Machine, List<VirtualRouter>> routers, Function<Machine, String> address)
            throws InterruptedException {
        planNumber++;
        planned = null;
        var members = machines.stream()
                .filter(ha::containsKey)
                .map(one -> new Member(one.id, one.name, address.apply(one), 10_101, one == first))
                .toList();
        ha.forEach((machine, values) -> machine.follow(planOf(machine, values, routers.get(machine), members)));
        for (var machine : ha.keySet()) {
            ScriptedGateway.await(
                    machine.name + " follows plan " + planNumber,
                    SOON,
                    () -> machine.gateway.reports.size() > 0 && machine.told().planNumber() == planNumber);
        }
    }

    private static HaSettings standby(HaSettings ha) {
        return new HaSettings(
                ha.mode(),
                false,
                ha.port(),
                ha.peerCheckIntervalMs(),
                ha.peerFailureThreshold(),
                ha.peerRecoveryThreshold(),
                ha.maximumFlaps(),
                ha.flapWindowSeconds(),
                ha.flapAction(),
                ha.bandwidthMonitoring(),
                ha.minimumBandwidthBps(),
                ha.bandwidthIntervalSeconds(),
                ha.linkMonitoringIntervalMs(),
                ha.minimumActiveLinkPairs());
    }

    private InstancePlan planOf(Machine own, HaSettings ha, List<VirtualRouter> routers, List<Member> members) {
        return new InstancePlan(
                InstancePlan.VERSION,
                planNumber,
                ScriptedGateway.TENANT,
                ScriptedGateway.STACK,
                own.id,
                Instant.now(),
                ha,
                routers,
                List.of(new LinkPair("e0", "e1")),
                members);
    }

    public static VirtualRouter router(String name, int id, String address, int priority) {
        int prefix = address.contains(":") ? 64 : 24;
        return new VirtualRouter(
                name,
                id,
                "e0",
                List.of(new VirtualAddress(address, prefix, null)),
                priority,
                true,
                3,
                null,
                null,
                null);
    }

    /** Waits until keepalived of all has the latest plan, and nothing is handed over for it any more. */
    public void awaitInForce() throws InterruptedException {
        for (var machine : machines) {
            var wanted =
                    renderer(machine).render(Optional.ofNullable(machine.plan).orElseThrow());
            ScriptedGateway.await(machine.name + " has plan " + planNumber, SOON, () -> {
                try {
                    var directory = machine.state.sharedAddresses();
                    return Files.readString(directory.resolve("keepalived.conf"))
                                    .equals(wanted)
                            && Files.readString(directory.resolve("steer")).equals("0\n");
                } catch (IOException e) {
                    return false;
                }
            });
        }
    }

    private static PlanRenderer renderer(Machine machine) {
        var pgrep = Path.of("/usr/bin/pgrep");
        var devices = new PlanRenderer.Devices() {
            @Override
            public boolean exists(String device) {
                return true;
            }

            @Override
            public Optional<String> firstAddress(String device) {
                return Optional.empty();
            }
        };
        return new PlanRenderer(
                new HaFiles(machine.state.sharedAddresses()),
                devices,
                Files.isExecutable(pgrep) ? Optional.of(pgrep) : Optional.empty());
    }

    public void await(String what, BooleanSupplier condition) throws InterruptedException {
        ScriptedGateway.await(what, SOON, condition);
    }

    /** Waits until this one holds the address and no other does, and serves. */
    public void awaitHolder(Machine holder, String router, String shared) throws Exception {
        ScriptedGateway.await(holder.name + " holds " + shared, SOON, () -> {
            try {
                return holder.holds(shared)
                        && machines.stream().noneMatch(one -> one != holder && one.holdsQuietly(shared))
                        && holder.role(router).equals("MASTER");
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        });
    }

    /**
     * Asks by a new connection every few milliseconds; has had its first answer when this returns. One at a time: closed, it
     * waits for the next.
     */
    public Probes probe(int paceMs) throws Exception {
        return probe(SHARED, paceMs);
    }

    /** The same at another shared address. */
    public Probes probe(String shared, int paceMs) throws Exception {
        return client("probe", shared, paceMs);
    }

    /** As {@link #probe}, by ten connections that it keeps until it is told that they end. */
    public Probes keep(int paceMs) throws Exception {
        return keep(SHARED, paceMs);
    }

    public Probes keep(String shared, int paceMs) throws Exception {
        return client("keep", shared, paceMs);
    }

    /** Has clients of new addresses ask at {@link #SHOP_PORT}, from the one of this number on. */
    public void shop(int from, int count) throws Exception {
        var words = new ArrayList<>(List.of("ask", SHARED, Integer.toString(SHOP_PORT)));
        for (int i = from; i < from + count; i++) {
            var client = "10.98.22." + (20 + i);
            in(LAN, "ip", "addr", "add", client + "/24", "dev", "br0");
            words.add(client);
        }
        var answers = peer(words.toArray(String[]::new)).inputReader();
        for (int i = 0; i < count; i++) {
            assertThat(answers.readLine()).isEqualTo("HTTP/1.1 200 OK");
        }
    }

    private Probes client(String word, String shared, int paceMs) throws Exception {
        var name = word + shared + " " + paceMs;
        var probes = clients.get(name);
        if (probes == null) {
            var process = peer(word, shared, "80", Integer.toString(paceMs));
            assertThat(process.inputReader().readLine()).isEqualTo("READY");
            probes = new Probes(process);
            clients.put(name, probes);
        }
        probes.settled();
        probes.on();
        probes.awaitAnswer();
        return probes;
    }

    /**
     * @param refused those of the failed that got no connection
     * @param broken those of the failed whose connection broke; the rest had no answer in time
     * @param by who served how many, by address towards the back ends
     */
    public record Seen(int probes, int failed, int refused, int broken, long longestGapMs, String by) {}

    public static final class Probes implements AutoCloseable {
        private final Process process;

        Probes(Process process) {
            this.process = process;
        }

        /** Forgets what was seen until somebody answers; there is an answer that is not forgotten when this returns. */
        public void awaitAnswer() throws InterruptedException {
            awaitAnswer("tell", "=");
            awaitAnswer("peek", "=");
        }

        /** Waits until this one has answered, and forgets nothing. */
        public void awaitAnswerOf(Machine machine) throws InterruptedException {
            awaitAnswer("peek", machine.backAddress + "=");
        }

        /** Waits until so many more were asked, and forgets nothing. */
        public void awaitMore(int more) throws IOException, InterruptedException {
            int before = ask("peek").probes();
            ScriptedGateway.await(more + " more", SOON, () -> {
                try {
                    return ask("peek").probes() >= before + more;
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
        }

        private void awaitAnswer(String word, String by) throws InterruptedException {
            ScriptedGateway.await("an answer of " + by, SOON, () -> {
                try {
                    return ask(word).by().contains(by);
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
        }

        /** What was seen since the last time. */
        public Seen seen() throws IOException {
            return ask("tell");
        }

        /** What was seen altogether since the last time, once the slowest has its answer or none. */
        public Seen settled() throws IOException {
            return ask("settle");
        }

        public Seen off() throws IOException {
            return ask("off");
        }

        public Seen on() throws IOException {
            return ask("on");
        }

        private Seen ask(String word) throws IOException {
            process.outputWriter().write(word + "\n");
            process.outputWriter().flush();
            var fields = process.inputReader().readLine().split(" ", 6);
            return new Seen(
                    Integer.parseInt(fields[0]),
                    Integer.parseInt(fields[1]),
                    Integer.parseInt(fields[2]),
                    Integer.parseInt(fields[3]),
                    Long.parseLong(fields[4]),
                    fields[5]);
        }

        @Override
        public void close() throws IOException {
            if (process.isAlive()) {
                off();
            }
        }
    }

    private static Policy policy(long revision) {
        return ProtocolJson.read(
                """
                {"virtualServices":[{"name":"web","address":"%s","port":80,"pool":"web","maxConnections":%d},
                  {"name":"shop","address":"%s","port":%d,"pool":"shop","persistence":{"type":"SOURCE"}},
                  {"name":"web-too","address":"%s","port":80,"pool":"web"},
                  {"name":"web-v6","address":"%s","port":80,"pool":"web"}],
                 "pools":[{"name":"web","members":[{"address":"10.98.23.9","port":8080}]},
                  {"name":"shop","members":[{"address":"10.98.23.9","port":8081},
                    {"address":"10.98.23.9","port":8082},{"address":"10.98.23.9","port":8083}]}]}\
                """.formatted(SHARED, 1_000 + revision, SHARED, SHOP_PORT, SHARED_TOO, SHARED_V6)
                        .getBytes(StandardCharsets.UTF_8),
                Policy.class);
    }

    private Process peer(String... words) throws IOException {
        var command = new ArrayList<>(List.of(
                "ip",
                "netns",
                "exec",
                LAN,
                System.getProperty("java.home") + "/bin/java",
                "-Xmx64m",
                "-XX:+UseSerialGC",
                "-cp",
                classes(),
                ProbePeer.class.getName()));
        command.addAll(List.of(words));
        var process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        started.add(process);
        return process;
    }

    private static String classes() {
        return Path.of(ProbePeer.class
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .getPath())
                .toString();
    }

    /** Within the machine of clients and back ends. */
    public static String inLan(String... words) throws Exception {
        return in(LAN, words);
    }

    /** Clients believe again what they are told about who has a shared address. */
    public void listen(String shared) throws Exception {
        in(LAN, "ip", "neigh", "del", shared, "dev", "br0");
    }

    private static String in(String namespace, String... words) throws Exception {
        var command = new ArrayList<>(List.of("ip", "netns", "exec", namespace));
        command.addAll(List.of(words));
        return run(command.toArray(String[]::new));
    }

    private static String run(String... command) throws Exception {
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().put("GARRISON_NO_BUILD", "1");
        var process = builder.start();
        var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue())
                .as(String.join(" ", command) + ": " + said)
                .isZero();
        return said;
    }

    @Override
    public void close() throws Exception {
        for (var process : started) {
            process.destroyForcibly().waitFor();
        }
        for (var machine : machines) {
            machine.close();
            new ProcessBuilder("ip", "netns", "del", machine.namespace).start().waitFor();
            new ProcessBuilder("ip", "link", "del", machine.way).start().waitFor();
        }
        new ProcessBuilder("ip", "netns", "del", LAN).start().waitFor();
    }
}
