package io.garrison.boot;

import io.garrison.embedded.EmbeddedServices;
import io.garrison.embedded.FileTrees;
import io.garrison.embedded.LoopbackPorts;
import io.garrison.tenancy.DeploymentMode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Starts an installation on scratch data, asks it for a few pages and stops it. Run once after a build with the JVM
 * option that records loaded classes, so that every later start is quicker.
 */
public final class RehearsalCommand {

    private RehearsalCommand() {}

    /** @param application the class that Spring starts from */
    public static void run(Class<?> application) throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory("garrison-rehearsal-");
        var arguments = new UpArguments(
                DeploymentMode.CLUSTER,
                directory,
                LoopbackPorts.free(),
                LoopbackPorts.free(),
                null,
                null,
                new EmbeddedServices.Ports(0, 0, 0));
        try (var garrison = RunningGarrison.notYet(arguments);
                var client = HttpClient.newHttpClient()) {
            garrison.start(application, Map.of());
            for (String path : List.of("/livez", "/readyz", "/login", "/api/v1/me")) {
                client.send(
                        HttpRequest.newBuilder(URI.create(garrison.consoleAddress() + path))
                                .build(),
                        HttpResponse.BodyHandlers.discarding());
            }
        } finally {
            FileTrees.delete(directory);
        }
    }
}
