package io.garrison.bench;

import io.garrison.edge.testing.HaPair;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** keepalived as its own documentation begins: two instances, adverts of one second, nothing else. HAProxy goes on. */
final class PlainKeepalived implements AutoCloseable {

    private final HaPair pair;
    private final Path directory;
    private final List<Process> started = new ArrayList<>();

    /** Ends the agents and the keepalived of both. */
    PlainKeepalived(HaPair pair, Path directory) throws Exception {
        this.pair = pair;
        this.directory = directory;
        pair.first.withoutAgent();
        pair.second.withoutAgent();
        start(pair.first, 150);
        start(pair.second, 100);
    }

    void startFirst() throws Exception {
        start(pair.first, 150);
    }

    void stopFirst() throws Exception {
        signalFirst("-TERM");
    }

    /** Both of its processes. */
    void killFirst() throws Exception {
        signalFirst("-KILL");
    }

    void awaitHolder(boolean first) throws Exception {
        var holder = first ? pair.first : pair.second;
        var other = first ? pair.second : pair.first;
        pair.await(
                holder.name + " holds", () -> holder.holdsQuietly(HaPair.SHARED) && !other.holdsQuietly(HaPair.SHARED));
    }

    private void signalFirst(String signal) throws Exception {
        var words = new ArrayList<>(List.of("kill", signal));
        for (var file : List.of("plain-one.pid", "plain-one-vrrp.pid")) {
            if (signal.equals("-KILL") || !file.contains("vrrp")) {
                words.add(Files.readString(directory.resolve(file)).strip());
            }
        }
        new ProcessBuilder(words).start().waitFor(5, TimeUnit.SECONDS);
        for (var word : words.subList(2, words.size())) {
            var process = ProcessHandle.of(Long.parseLong(word));
            pair.await("it ends", () -> process.filter(ProcessHandle::isAlive).isEmpty());
        }
        for (var file : List.of("plain-one.pid", "plain-one-vrrp.pid")) {
            Files.deleteIfExists(directory.resolve(file));
        }
    }

    private void start(HaPair.Machine machine, int priority) throws Exception {
        var name = "plain-" + machine.name;
        var config = directory.resolve(name + ".conf");
        Files.writeString(config, """
            vrrp_instance web {
                interface e0
                virtual_router_id 61
                priority %d
                virtual_ipaddress {
                    %s/24
                }
            }
            """.formatted(priority, HaPair.SHARED));
        started.add(new ProcessBuilder(
                        "ip",
                        "netns",
                        "exec",
                        machine.namespace,
                        "/usr/sbin/keepalived",
                        "-n",
                        "-l",
                        "-P",
                        "-f",
                        config.toString(),
                        "-p",
                        directory.resolve(name + ".pid").toString(),
                        "-r",
                        directory.resolve(name + "-vrrp.pid").toString())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve(name + ".log").toFile())
                .start());
    }

    @Override
    public void close() throws InterruptedException {
        for (var process : started) {
            process.destroy();
            process.waitFor(5, TimeUnit.SECONDS);
        }
    }
}
