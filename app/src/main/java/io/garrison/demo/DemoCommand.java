package io.garrison.demo;

import io.garrison.GarrisonApplication;
import io.garrison.boot.UpCommand;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** {@code garrison demo}: an installation with customers, edges, back ends and traffic, in the foreground. */
public final class DemoCommand {

    private DemoCommand() {}

    public static void main(String[] words) throws IOException, InterruptedException {
        var arguments = UpCommand.argumentsOrExit("demo", List.of(words));
        var world = DemoWorld.prepare(arguments.data());
        UpCommand.run(
                GarrisonApplication.class,
                arguments.trusting(world.vendorKey()),
                Map.of("garrison.edge.allow-loopback", "true"),
                ready -> world.bringToLife(ready));
    }
}
