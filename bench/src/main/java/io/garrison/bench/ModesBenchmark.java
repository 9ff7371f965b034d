package io.garrison.bench;

import io.garrison.acceptance.Edge;
import io.garrison.acceptance.Installation;
import io.garrison.acceptance.OwnManagement;
import io.garrison.acceptance.ProviderStaff;
import io.garrison.acceptance.Replicas;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * What each deployment mode takes with one tenant and one instance that nobody visits: memory, processor and disk of each
 * part. The figures that the advice about modes goes by.
 */
final class ModesBenchmark implements Benchmark {

    private static final int SETTLE_SECONDS = 30;
    private static final int MEASURE_SECONDS = 60;

    /** Nothing listens there, which an idle instance does not mind. */
    private static final Map<String, Object> POLICY = Map.of(
            "virtualServices",
            List.of(Map.of(
                    "name", "idle",
                    "address", "127.0.0.1",
                    "port", Installation.freePort(),
                    "protocol", "HTTP",
                    "pool", "none")),
            "pools",
            List.of(Map.of("name", "none", "members", List.of(Map.of("address", "127.0.0.1", "port", 9)))));

    @Override
    public Map<String, Object> run() throws Exception {
        var modes = new LinkedHashMap<String, Footprint>();
        Path standaloneFile;
        Path centralizedFile;
        Path vendorKey;
        try (var cluster = new Installation(5)) {
            var licence = cluster.loadLicence();
            standaloneFile = cluster.fileFor("solo", "STANDALONE", licence, 1);
            centralizedFile = cluster.fileFor("central", "CENTRALIZED", licence, 1);
            vendorKey = cluster.vendorKey();
            var customer = cluster.staff().customer("shared", licence, 1);
            modes.put("CLUSTER", measureWithEdge(cluster.directory, cluster.staff(), customer));
        }
        try (var solo = new OwnManagement("standalone", standaloneFile, vendorKey)) {
            solo.publish(POLICY, "idle");
            solo.awaitInSync(1);
            modes.put("STANDALONE", measure(solo.directory));
        }
        try (var central = new OwnManagement("centralized", centralizedFile, vendorKey)) {
            central.publish(POLICY, "idle");
            var token = central.api()
                    .post(
                            central.tenant() + "/stacks/" + central.stack() + "/enrollment-tokens",
                            Map.of("ttlMinutes", 30, "uses", 1))
                    .expect(201)
                    .body();
            try (var edge =
                    Edge.join(central.directory, "edge", token, "127.0.0.26").run()) {
                central.awaitInSync(1);
                modes.put("CENTRALIZED", measure(central.directory));
            }
        }
        try (var cloud = new Replicas(5)) {
            var staff = cloud.first.staff();
            var customer = staff.customer("shared", staff.loadLicence(cloud.files.licence()), 1);
            modes.put("PRIVATE_CLOUD", measureWithEdge(cloud.directory, staff, customer));
        }
        return figures(modes);
    }

    private static Footprint measureWithEdge(Path directory, ProviderStaff staff, ProviderStaff.Customer customer)
            throws Exception {
        staff.publish(customer, POLICY, "idle");
        try (var edge = Edge.join(directory, "edge", staff.token(customer, 1).body(), "127.0.0.26")
                .run()) {
            ProviderStaff.awaitInSync(customer, 1, 1);
            return measure(directory);
        }
    }

    private static Footprint measure(Path directory) throws Exception {
        TimeUnit.SECONDS.sleep(SETTLE_SECONDS);
        return Footprint.over(MEASURE_SECONDS, directory);
    }

    private static Map<String, Object> figures(Map<String, Footprint> modes) {
        var told = new LinkedHashMap<String, Object>();
        var summary = new StringBuilder();
        modes.forEach((mode, footprint) -> {
            told.put(mode, footprint.figures());
            summary.append("%s%s %.0f MiB, %.1f %% of a core, %.0f MiB on disk"
                    .formatted(
                            summary.isEmpty() ? "" : "; ",
                            mode,
                            footprint.memoryMebibytes(),
                            footprint.cpuPercentOfACore(),
                            footprint.diskMebibytes()));
        });
        var figures = new LinkedHashMap<String, Object>();
        figures.put("measuredSeconds", MEASURE_SECONDS);
        figures.put("modes", told);
        figures.put("disturbed", modes.values().stream().anyMatch(Footprint::disturbed));
        figures.put("summary", summary.toString());
        return figures;
    }
}
