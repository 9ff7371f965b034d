package io.garrison.boot;

import io.garrison.embedded.EmbeddedException;
import io.garrison.tenancy.FirstAdministrator;
import java.util.List;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.Environment;

/**
 * {@code garrison serve}: the application alone, against PostgreSQL, Kafka and OpenSearch that others run; and
 * {@code garrison migrate}, which brings the schemas of that PostgreSQL up to date.
 */
public final class ServeCommand {

    private ServeCommand() {}

    /**
     * Serves until it is told to stop; prints {@code READY <console address>} on standard output.
     *
     * @param application the class that Spring starts from
     */
    public static void serve(Class<?> application, List<String> words) {
        var arguments = argumentsOrExit("serve", words);
        var foreground = Foreground.begin(() -> {});
        ConfigurableApplicationContext context;
        try {
            context = new ServedApplication(application, arguments).serve();
            foreground.stopBy(context::close);
            new FirstAdministratorStep(context.getBean(FirstAdministrator.class), System.getenv(), System.err::println)
                    .perform(consoleAddress(context.getEnvironment()));
        } catch (ServedApplication.Unfit e) {
            throw unfit("serve", e);
        } catch (EmbeddedException e) {
            System.err.println(e.getMessage());
            throw exit(1);
        } catch (RuntimeException e) {
            foreground.awaitEndIfStopping();
            System.err.println(UpCommand.whyNot(e));
            throw exit(1);
        }
        foreground.ready(address(context.getEnvironment()));
        foreground.awaitEnd();
    }

    /** @return the exit status */
    public static int migrate(Class<?> application, List<String> words) {
        var arguments = argumentsOrExit("migrate", words);
        System.setOut(System.err);
        try {
            new ServedApplication(application, arguments).migrate();
            System.err.println("The schemas are up to date.");
            return 0;
        } catch (ServedApplication.Unfit e) {
            throw unfit("migrate", e);
        } catch (RuntimeException e) {
            System.err.println("The schemas cannot be brought up to date: " + UpCommand.rootCause(e));
            return 1;
        }
    }

    private static ServeArguments argumentsOrExit(String command, List<String> words) {
        try {
            return ServeArguments.parse(words);
        } catch (UsageException e) {
            System.err.println("garrison " + command + ": " + e.getMessage());
            System.err.println("usage: ./garrison " + command + " " + ServeArguments.OPTIONS);
            throw exit(2);
        }
    }

    private static IllegalStateException unfit(String command, ServedApplication.Unfit unfit) {
        System.err.println("garrison " + command + ": these settings are needed, from the environment or from files in"
                + " the directory that --settings names:");
        unfit.faults().forEach(fault -> System.err.println("  " + fault));
        return exit(1);
    }

    /** Where people find the console: as told, or as it listens. */
    private static String consoleAddress(Environment environment) {
        var told = environment.getProperty("garrison.http.public-url", "");
        return told.isBlank() ? address(environment) : told.replaceAll("/+$", "");
    }

    private static String address(Environment environment) {
        return "http://%s:%s"
                .formatted(
                        environment.getProperty("garrison.http.address"), environment.getProperty("local.server.port"));
    }

    private static IllegalStateException exit(int status) {
        Runtime.getRuntime().exit(status);
        return new IllegalStateException("unreachable");
    }
}
