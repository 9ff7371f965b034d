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
import java.util.function.Consumer;
import org.slf4j.LoggerFactory;

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
        var garrison = RunningGarrison.notYet(arguments);
        var foreground = Foreground.begin(garrison::close);
        Runtime.getRuntime().addShutdownHook(new Thread(garrison::close, "garrison-close"));
        say("Starting PostgreSQL, Kafka and OpenSearch in " + arguments.data());
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
            foreground.awaitEndIfStopping();
            if (rootCause(e) instanceof Refusal) {
                fail(garrison, whyNot(e));
            }
            LoggerFactory.getLogger(UpCommand.class).error("Garrison does not start", e);
            Path log = arguments.data().resolve("logs").resolve("garrison.log");
            fail(garrison, whyNot(e) + (Files.exists(log) ? "\nMore in " + log : ""));
        }
        foreground.ready(garrison.consoleAddress());
        whenReady.accept(new Ready(garrison, foreground.out()));
        foreground.awaitEnd();
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

    private static void fail(RunningGarrison garrison, String message) {
        say(message);
        garrison.close();
        throw exit(1);
    }

    private static IllegalStateException exit(int status) {
        Runtime.getRuntime().exit(status);
        return new IllegalStateException("unreachable");
    }

    /** A sentence for people: the refusal that stands in the way with its code, or else what failed first. */
    static String whyNot(RuntimeException failure) {
        Throwable cause = rootCause(failure);
        return cause instanceof Refusal refusal
                ? "Garrison does not start. " + refusal.getMessage() + " (" + refusal.code() + ")"
                : "Garrison does not start: " + cause;
    }

    static Throwable rootCause(Throwable failure) {
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
