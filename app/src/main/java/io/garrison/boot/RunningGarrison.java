package io.garrison.boot;

import io.garrison.embedded.DataDirectory;
import io.garrison.embedded.EmbeddedException;
import io.garrison.embedded.EmbeddedServices;
import io.garrison.embedded.LoopbackPorts;
import io.garrison.embedded.SupervisedProgram;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/** An installation that runs in this process: its data directory, its servers, the application. */
public final class RunningGarrison implements AutoCloseable {

    private final UpArguments arguments;
    private @Nullable DataDirectory data;
    private @Nullable EmbeddedServices services;
    private @Nullable ConfigurableApplicationContext context;
    private @Nullable SupervisedProgram edge;

    private RunningGarrison(UpArguments arguments) {
        this.arguments = arguments;
    }

    static RunningGarrison notYet(UpArguments arguments) {
        return new RunningGarrison(arguments);
    }

    /** Where people find the console. */
    public String consoleAddress() {
        return "http://127.0.0.1:" + arguments.httpPort();
    }

    public UpArguments arguments() {
        return arguments;
    }

    /** The application. */
    public synchronized ConfigurableApplicationContext context() {
        if (context == null) {
            throw new IllegalStateException("not started");
        }
        return context;
    }

    /**
     * Takes the data directory, starts the servers, then the application.
     *
     * @param application the class that Spring starts from
     * @param properties more Spring properties
     * @throws EmbeddedException if a port or the directory is taken, or a server does not start
     */
    synchronized void start(Class<?> application, Map<String, String> properties) {
        data = DataDirectory.open(arguments.data());
        LoopbackPorts.claim(arguments.httpPort(), "the console", "--http-port");
        LoopbackPorts.claim(arguments.edgePort(), "the edge gateway", "--edge-port");
        services = EmbeddedServices.start(data, arguments.ports());
        var all = new LinkedHashMap<String, Object>(services.properties());
        all.put("garrison.embedded-stores", "true");
        all.put("garrison.mode", arguments.mode().word());
        all.put("garrison.edge.port", Integer.toString(arguments.edgePort()));
        // On one machine services and their servers are often on loopback; in production those are the appliance's own.
        boolean production = "production".equals(System.getenv("GARRISON_PROFILE"));
        all.put("garrison.edge.allow-loopback", Boolean.toString(!production));
        Path vendorKey = arguments.vendorKey();
        if (vendorKey != null) {
            all.put("garrison.licensing.vendor-keys", vendorKey.toString());
        }
        all.putAll(properties);
        var spring = new SpringApplication(application);
        spring.setRegisterShutdownHook(false); // the servers must outlive the application: see close()
        spring.setDefaultProperties(all);
        context = spring.run(
                "--server.port=" + arguments.httpPort(),
                "--logging.file.name=" + data.logs().resolve("garrison.log"),
                "--logging.threshold.console=OFF");
    }

    /** Takes over to end it before everything else: its last reports need the application. */
    synchronized void endFirst(SupervisedProgram agent) {
        edge = agent;
    }

    /** Stops the edge, the application, then the servers, then gives the data directory back. Twice is once. */
    @Override
    public synchronized void close() {
        if (edge != null) {
            edge.close();
            edge = null;
        }
        if (context != null) {
            context.close();
            context = null;
        }
        if (services != null) {
            services.close();
            services = null;
        }
        if (data != null) {
            data.close();
            data = null;
        }
    }
}
