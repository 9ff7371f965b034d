package io.garrison.edge.cli;

import io.garrison.edge.agent.Agent;
import io.garrison.edge.haproxy.DataPlane;
import io.garrison.edge.join.Identity;
import io.garrison.edge.join.IdentityStore;
import io.garrison.edge.meter.BootId;
import io.garrison.edge.meter.ByteCounters;
import io.garrison.edge.meter.NftCounters;
import io.garrison.edge.state.EdgeConfig;
import io.garrison.edge.state.MeterChoice;
import io.garrison.edge.state.StateDirectory;
import io.garrison.protocol.Telemetry.AccessEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/** {@code run}: the agent in the foreground, until it is told to stop. */
public record RunCommand(Console console, Clock clock, DataPlanes dataPlanes) {

    /** Makes the data plane of an instance. */
    public interface DataPlanes {
        /** @param events takes every line of the access log */
        DataPlane open(StateDirectory state, EdgeConfig config, Consumer<AccessEvent> events) throws IOException;
    }

    int run(List<String> words) throws IOException, InterruptedException {
        var arguments = Arguments.parse(words, Set.of("--state", "--settings"), Set.of());
        var state = arguments.state();
        if (!Files.exists(state.identity())) {
            console.say("This state directory has not joined; run: garrison edge join");
            return Console.FAILED;
        }
        var config = EdgeConfig.read(state.settings(), arguments.path("--settings"));
        try (var lock = state.tryLock().orElse(null)) {
            if (lock == null) {
                console.say("An agent runs with this state directory already");
                return Console.FAILED;
            }
            config.effective().forEach((key, value) -> console.say(key + "=" + value));
            serve(state, config, new IdentityStore(state).load().orElseThrow(), arguments.path("--settings"));
        }
        return Console.OK;
    }

    private void serve(StateDirectory state, EdgeConfig config, Identity identity, Optional<Path> machineSettings)
            throws IOException, InterruptedException {
        var stop = new CountDownLatch(1);
        var ended = new CountDownLatch(1);
        var agent = new AtomicReference<Agent>();
        var hook = Thread.ofPlatform().unstarted(() -> {
            stop.countDown();
            try {
                ended.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            var dataPlane = dataPlanes.open(state, config, event -> {
                var running = agent.get();
                if (running != null) {
                    running.event(event);
                }
            });
            try (var running = new Agent(
                    state,
                    config,
                    identity,
                    dataPlane,
                    counters(config, identity),
                    BootId.read(),
                    clock,
                    machineSettings)) {
                agent.set(running);
                running.start();
                console.say("Management listens on 127.0.0.1:" + running.managementPort());
                console.out().println("READY");
                console.out().flush();
                var notice = ServiceNotice.of(System.getenv());
                notice.ready();
                stop.await();
                notice.stopping();
            }
        } finally {
            ended.countDown();
        }
    }

    private ByteCounters counters(EdgeConfig config, Identity identity) {
        if (config.meter() == MeterChoice.PROXY) {
            return ByteCounters.NONE;
        }
        var kernel = NftCounters.open(identity.instanceId());
        if (kernel.isEmpty() && config.meter() == MeterChoice.KERNEL) {
            console.say("The kernel does not count for this user (CAP_NET_ADMIN and nft are needed); HAProxy counts");
        }
        return kernel.isPresent() ? kernel.get() : ByteCounters.NONE;
    }
}
