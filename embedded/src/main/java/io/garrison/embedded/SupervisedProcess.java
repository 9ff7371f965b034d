package io.garrison.embedded;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A server kept running: when it dies, it is started again, with a growing pause between attempts. */
final class SupervisedProcess implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(SupervisedProcess.class);

    private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
    /** After this long without dying, the pause starts small again. */
    private static final Duration STABLE = Duration.ofMinutes(1);

    private static final Duration POLL = Duration.ofMillis(20);

    private final ChildSpec spec;
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final Thread watcher;
    private volatile Process process;

    private SupervisedProcess(ChildSpec spec) {
        this.spec = spec;
        this.process = launch();
        this.watcher = Thread.ofPlatform()
                .daemon()
                .name("garrison-supervise-" + spec.name())
                .unstarted(this::watch);
    }

    /**
     * Starts the server and returns when it serves.
     *
     * @throws EmbeddedException if it ends or does not serve within its limit; it is not running then
     */
    static SupervisedProcess start(ChildSpec spec) {
        var supervised = new SupervisedProcess(spec);
        supervised.watcher.start();
        return supervised;
    }

    long pid() {
        return process.pid();
    }

    /** Shuts the server down in order and waits until it is gone; kills it when it takes too long. */
    @Override
    public void close() {
        stopping.countDown();
        Process last = process;
        try {
            end(last);
            watcher.join(spec.stopLimit().plusSeconds(5));
            if (last != process) {
                end(process);
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private Process launch() {
        var output = new ChildOutput(spec.log());
        Process started = spawn();
        output.follow(started);
        Instant deadline = Instant.now().plus(spec.startLimit());
        try {
            while (!spec.readiness().isReady(started, output)) {
                if (!started.isAlive()) {
                    output.awaitEnd();
                    throw new EmbeddedException("%s ended with status %d while starting; its last lines (%s):%n%s"
                            .formatted(spec.name(), started.exitValue(), spec.log(), output.tail()));
                }
                if (Instant.now().isAfter(deadline)) {
                    end(started);
                    throw new EmbeddedException("%s does not serve within %d s; its last lines (%s):%n%s"
                            .formatted(spec.name(), spec.startLimit().toSeconds(), spec.log(), output.tail()));
                }
                if (stopping.await(POLL.toMillis(), TimeUnit.MILLISECONDS)) {
                    end(started);
                    throw new EmbeddedException(spec.name() + " is stopped while starting");
                }
            }
        } catch (InterruptedException e) {
            started.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new EmbeddedException("interrupted while starting " + spec.name(), e);
        }
        return started;
    }

    private Process spawn() {
        Process started;
        try {
            started = ChildSpawner.spawn(new ProcessBuilder(inItsOwnSession()).redirectErrorStream(true));
        } catch (IOException e) {
            throw new EmbeddedException("Cannot run " + spec.command().getFirst() + " for " + spec.name(), e);
        }
        try {
            spec.pidFile().write(started.toHandle());
        } catch (IOException e) {
            started.destroyForcibly();
            throw new EmbeddedException("Cannot write " + spec.pidFile().path(), e);
        }
        return started;
    }

    /** So that Ctrl-C in a terminal reaches us only, and we stop the servers in their order. */
    private List<String> inItsOwnSession() {
        return Stream.concat(Stream.of("setsid"), spec.command().stream()).toList();
    }

    private void watch() {
        Duration pause = FIRST_PAUSE;
        try {
            while (true) {
                Instant since = Instant.now();
                int status = process.waitFor();
                if (stopping.getCount() == 0) {
                    return;
                }
                if (Duration.between(since, Instant.now()).compareTo(STABLE) > 0) {
                    pause = FIRST_PAUSE;
                }
                log.warn("{} ended with status {}, starting it again in {} ms", spec.name(), status, pause.toMillis());
                if (stopping.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
                    return;
                }
                pause = longer(pause);
                relaunch();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void relaunch() {
        try {
            process = launch();
            log.info("{} serves again", spec.name());
        } catch (EmbeddedException e) {
            // The dead process stays in place, so the loop pauses longer and tries again.
            log.warn("{}", e.getMessage());
        }
    }

    private static Duration longer(Duration pause) {
        Duration doubled = pause.multipliedBy(2);
        return doubled.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : doubled;
    }

    private void end(Process target) throws InterruptedException {
        if (!target.isAlive()) {
            return;
        }
        Signals.send(spec.stopSignal(), target.pid());
        if (!target.waitFor(spec.stopLimit().toMillis(), TimeUnit.MILLISECONDS)) {
            log.warn(
                    "{} does not stop within {} s, killing it",
                    spec.name(),
                    spec.stopLimit().toSeconds());
            target.destroyForcibly();
            target.waitFor(5, TimeUnit.SECONDS);
        }
    }
}
