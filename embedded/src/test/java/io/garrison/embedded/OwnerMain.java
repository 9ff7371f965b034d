package io.garrison.embedded;

import java.nio.file.Path;

/** A process that owns a set of embedded servers, for tests that kill it. Prints their process ids. */
final class OwnerMain {

    private OwnerMain() {}

    public static void main(String[] arguments) throws InterruptedException {
        var data = DataDirectory.open(Path.of(arguments[0]));
        var services = EmbeddedServices.start(data, new EmbeddedServices.Ports(0, 0, 0));
        System.out.println("PIDS " + services.postgres().pid() + " "
                + services.kafka().pid() + " " + services.openSearch().pid());
        Thread.currentThread().join();
    }
}
