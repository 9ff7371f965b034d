package io.garrison.boot;

import io.garrison.embedded.EmbeddedException;
import io.garrison.tenancy.DeploymentMode;
import io.garrison.tenancy.FirstAdministrator;
import io.garrison.tenancy.Refusal;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.slf4j.LoggerFactory;
import sun.misc.Signal;

/** {@code garrison up}: runs an installation in the foreground until it is told to stop. */
public final class UpCommand {

    private UpCommand() {}

    /**
     * Starts, prints {@code READY <console address>} on standard output, and ends the JVM when it is told to stop.
     * Everything for people goes to standard error.
     *
     * @param application the class that Spring starts from
     * @param arguments what {@link UpArguments#parse} made of the command line
     * @param properties more Spring properties
     * @param whenReady called once after the line; what it prints on the stream goes to standard output
     */
    public static void run(
            Class<?> application, UpArguments arguments, Map<String, String> properties, Consumer<Ready> whenReady) {
        PrintStream out = System.out;
        System.setOut(System.err); // whatever a library prints must not mix with the lines that programs read
        var garrison = RunningGarrison.notYet(arguments);
        var stopped = new CountDownLatch(1);
        stopOnSignals(garrison, stopped);
        Runtime.getRuntime().addShutdownHook(new Thread(garrison::close, "garrison-close"));
        say("Starting PostgreSQL, Kafka and OpenSearch in " + arguments.data() + " …");
        try {
            garrison.start(application, properties);
            new FirstAdministratorStep(
                            garrison.context().getBean(FirstAdministrator.class), System.getenv(), UpCommand::say)
                    .perform(garrison.consoleAddress());
            new OneSubLicense(garrison, UpCommand::say).load();
            new LocalEdge(garrison, UpCommand::say).bring();
        } catch (EmbeddedException e) {
            fail(garrison, String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            if (stopped.getCount() == 0) {
                awaitForever(stopped); // told to stop while starting: the failure is its consequence
            }
            Throwable cause = rootCause(e);
            if (cause instanceof Refusal refusal) {
                fail(garrison, "Garrison does not start. " + refusal.getMessage() + " (" + refusal.code() + ")");
            }
            LoggerFactory.getLogger(UpCommand.class).error("Garrison does not start", e);
            Path log = arguments.data().resolve("logs").resolve("garrison.log");
            fail(garrison, "Garrison does not start: " + cause + (Files.exists(log) ? "\nMore in " + log : ""));
        }
        out.println("READY " + garrison.consoleAddress());
        out.flush();
        whenReady.accept(new Ready(garrison, out));
        awaitForever(stopped);
    }

    /** A running installation and the stream for lines that programs read. */
    public record Ready(RunningGarrison garrison, PrintStream out) {}

    /**
     * Reads the command line of {@code up}, or of a command that is named after its mode; prints the usage and ends the
     * JVM with 2 when it is wrong.
     */
    public static UpArguments argumentsOrExit(String command, List<String> words) {
        try {
            Optional<DeploymentMode> mode = DeploymentMode.of(command);
            return mode.isPresent() ? UpArguments.parse(mode.get(), words) : UpArguments.parse(words);
        } catch (UsageException e) {
            say("garrison " + command + ": " + e.getMessage());
            say("usage: ./garrison " + command + " " + UpArguments.OPTIONS);
            throw exit(2);
        }
    }

    /** Ctrl-C and SIGTERM are how people and programs end it, so they count as success. */
    private static void stopOnSignals(RunningGarrison garrison, CountDownLatch stopped) {
        for (String name : List.of("INT", "TERM")) {
            Signal.handle(
                    new Signal(name),
                    signal -> Thread.ofPlatform().name("garrison-stop").start(() -> {
                        if (stopped.getCount() == 0) {
                            return;
                        }
                        stopped.countDown();
                        say("Stopping …");
                        garrison.close();
                        say("Stopped.");
                        Runtime.getRuntime().exit(0);
                    }));
        }
    }

    private static void awaitForever(CountDownLatch stopped) {
        try {
            stopped.await();
            Thread.currentThread().join(); // the stopping thread ends the JVM
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void fail(RunningGarrison garrison, String message) {
        say(message);
        garrison.close();
        throw exit(1);
    }

    private static IllegalStateException exit(int status) {
        Runtime.getRuntime().exit(status);
        return new IllegalStateException("unreachable");
    }

    private static Throwable rootCause(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null && cause.getCause() != cause) {
            cause = cause.getCause();
        }
        return cause;
    }

    private static void say(String text) {
        System.err.println(text);
    }
}
