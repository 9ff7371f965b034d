package io.garrison.boot;

import java.io.PrintStream;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import sun.misc.Signal;

/**
 * A command that stays in the foreground until it is told to stop. Ctrl-C and SIGTERM are how people and programs end
 * it, so they count as success.
 */
final class Foreground {

    /** Stops what the command has started; called at most once. */
    interface Stop {
        void run();
    }

    private final PrintStream out = System.out;
    private final AtomicBoolean stopping = new AtomicBoolean();
    private volatile Stop stop;

    private Foreground(Stop stop) {
        this.stop = stop;
    }

    /** From here on, whatever a library prints goes to standard error, apart from the lines that programs read. */
    static Foreground begin(Stop stop) {
        var foreground = new Foreground(stop);
        System.setOut(System.err);
        for (String name : List.of("INT", "TERM")) {
            Signal.handle(
                    new Signal(name),
                    signal -> Thread.ofPlatform().name("garrison-stop").start(foreground::end));
        }
        return foreground;
    }

    void stopBy(Stop how) {
        stop = how;
    }

    /** For lines that programs read. */
    PrintStream out() {
        return out;
    }

    /** What fails after it was told to stop is a consequence, and nothing to tell. */
    void awaitEndIfStopping() {
        if (stopping.get()) {
            awaitEnd();
        }
    }

    /** Tells programs that it serves. */
    void ready(String what) {
        out.println("READY " + what);
        out.flush();
    }

    /** Returns never: the stopping thread ends the JVM. */
    void awaitEnd() {
        try {
            Thread.currentThread().join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void end() {
        if (stopping.getAndSet(true)) {
            return;
        }
        System.err.println("Stopping");
        stop.run();
        System.err.println("Stopped.");
        Runtime.getRuntime().exit(0);
    }
}
