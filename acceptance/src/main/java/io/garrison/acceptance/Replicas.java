package io.garrison.acceptance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A private cloud on one machine: the stores, two replicas of the application, and one address for their gateways. */
public final class Replicas implements AutoCloseable {

    public final Path directory;
    public final VendorFiles files;
    public final Balancer gateway;
    public final Replica first;
    public final Replica second;
    private final Launched servers;

    /** @param instances how many seats the MSSP licence has */
    public Replicas(int instances) throws IOException {
        directory = Files.createTempDirectory("garrison-replicas");
        files = VendorFiles.make(directory, instances);
        gateway = new Balancer(directory, List.of("127.0.0.31", "127.0.0.32"));
        servers = Launched.foreground(
                directory.resolve("servers.log"),
                Map.of(),
                "servers",
                "--data",
                directory.resolve("data").toString());
        first = new Replica("first", "127.0.0.31");
        second = new Replica("second", "127.0.0.32");
    }

    /** One of them. */
    public final class Replica {

        public final int httpPort = Installation.freePort();
        private final String name;
        private final String edgeAddress;
        private Launched app;

        private Replica(String name, String edgeAddress) {
            this.name = name;
            this.edgeAddress = edgeAddress;
            start();
        }

        public void start() {
            var environment = new HashMap<>(ProviderStaff.firstAdministrator(directory));
            environment.put("GARRISON_MODE", "private-cloud");
            environment.put("SERVER_PORT", "" + httpPort);
            environment.put("GARRISON_EDGE_ADDRESS", edgeAddress);
            environment.put("GARRISON_EDGE_PORT", "" + gateway.port);
            environment.put("GARRISON_EDGE_HOSTNAMES", "127.0.0.1");
            environment.put("GARRISON_EDGE_ALLOW_LOOPBACK", "true");
            environment.put("GARRISON_INSTANCES_HEARTBEAT", "2s");
            environment.put("GARRISON_LICENSING_VENDOR_KEYS", files.key().toString());
            app = Launched.foreground(log(), environment, "serve", "--settings", servers.address());
        }

        public Path log() {
            return directory.resolve(name + ".log");
        }

        /** Kills it as a node that fails does. */
        public void kill() {
            app.kill();
        }

        public ProviderStaff staff() {
            return ProviderStaff.of(httpPort);
        }

        public String address() {
            return "http://127.0.0.1:" + httpPort;
        }

        private void close() {
            if (app != null) {
                app.close();
            }
        }
    }

    @Override
    public void close() {
        for (var each : List.of(first, second)) {
            each.close();
        }
        servers.close();
        gateway.close();
    }
}
