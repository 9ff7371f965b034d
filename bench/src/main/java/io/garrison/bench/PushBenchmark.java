package io.garrison.bench;

import io.garrison.acceptance.Api;
import io.garrison.acceptance.Installation;
import io.garrison.acceptance.ProviderStaff;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.HdrHistogram.ConcurrentHistogram;

/**
 * From publishing a revision to the acknowledgement of each of 1,000 simulated edges over mutual TLS: edges that wait in
 * the gateway's long poll against the same edges asking the same gateway every 10 seconds, in turns.
 */
final class PushBenchmark implements Benchmark {

    private static final int EDGES = 1_000;
    private static final int ROUNDS = 5;
    private static final int POLL_SECONDS = 10;

    /** How an edge learns of a revision. */
    private enum Arm {
        LONG_POLL,
        POLL_EACH_10_S
    }

    @Override
    public Map<String, Object> run() throws Exception {
        try (var installation = new Installation(EDGES);
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var customer = installation.staff().customer("fleet", installation.loadLicence(), EDGES);
            installation.staff().publish(customer, policy(0), "revision 1");
            var edges = enrol(installation, installation.staff().token(customer, EDGES), threads);
            for (var edge : edges) {
                edge.poll(0);
                edge.report(1);
            }
            var fleet = new Fleet(installation, customer, edges, threads);
            var rounds = new LinkedHashMap<Arm, List<Map<String, Object>>>();
            int revision = 1;
            push(fleet, Arm.LONG_POLL, ++revision); // warms up
            for (int round = 0; round < ROUNDS; round++) {
                var order = List.of(Arm.values());
                for (var arm : round % 2 == 0 ? order : order.reversed()) {
                    rounds.computeIfAbsent(arm, ignored -> new ArrayList<>()).add(push(fleet, arm, ++revision));
                }
            }
            double pss = ProcessFigures.pssMebibytes(installation.process().pid());
            for (var edge : edges) {
                edge.close();
            }
            return figures(rounds, pss);
        }
    }

    private record Fleet(
            Installation installation,
            ProviderStaff.Customer customer,
            List<SimulatedEdge> edges,
            ExecutorService threads) {

        Map<String, Long> processes() {
            return Map.of(
                    "management", installation.process().pid(),
                    "edges", ProcessHandle.current().pid());
        }
    }

    private static List<SimulatedEdge> enrol(Installation installation, Api.Answer token, ExecutorService threads)
            throws Exception {
        var secret = token.body().path("token").asString();
        var enrolments = new ArrayList<Future<SimulatedEdge>>();
        var slots = new Semaphore(16);
        for (int i = 0; i < EDGES; i++) {
            enrolments.add(threads.submit(() -> {
                slots.acquire();
                try {
                    return SimulatedEdge.enrol(installation.edgePort, secret);
                } finally {
                    slots.release();
                }
            }));
        }
        var edges = new ArrayList<SimulatedEdge>();
        for (var enrolment : enrolments) {
            edges.add(enrolment.get());
        }
        return edges;
    }

    private static Map<String, Object> push(Fleet fleet, Arm arm, int revision) throws Exception {
        fleet.installation().staff().edit(fleet.customer(), policy(revision));
        var applied = new ConcurrentHistogram(TimeUnit.MINUTES.toMicros(2), 3);
        var failure = new AtomicReference<Throwable>();
        var ready = new CountDownLatch(fleet.edges().size());
        var done = new CountDownLatch(fleet.edges().size());
        var published = new long[1];
        for (var edge : fleet.edges()) {
            fleet.threads().submit(() -> {
                try {
                    ready.countDown();
                    learn(edge, arm);
                    edge.report(revision);
                    applied.recordValue((System.nanoTime() - published[0]) / 1_000);
                } catch (IOException | InterruptedException | RuntimeException e) {
                    failure.set(e);
                } finally {
                    done.countDown();
                }
            });
        }
        ready.await();
        TimeUnit.SECONDS.sleep(3); // a long poll is then with the server, and one that were not would only take longer
        var watch = Watch.start(fleet.processes());
        double serverBefore =
                ProcessFigures.cpuSeconds(fleet.installation().process().pid());
        published[0] = System.nanoTime();
        fleet.installation().staff().publish(fleet.customer(), "revision " + revision);
        if (!done.await(90, TimeUnit.SECONDS) || failure.get() != null) {
            throw new IllegalStateException("revision " + revision + " did not reach every edge", failure.get());
        }
        double server = ProcessFigures.cpuSeconds(fleet.installation().process().pid()) - serverBefore;
        if (applied.getTotalCount() != EDGES) {
            throw new IllegalStateException(applied.getTotalCount() + " acknowledgements of " + EDGES + " edges");
        }
        var round = new LinkedHashMap<String, Object>();
        round.put("revision", revision);
        round.put("p50Ms", applied.getValueAtPercentile(50) / 1_000.0);
        round.put("p99Ms", applied.getValueAtPercentile(99) / 1_000.0);
        round.put("maxMs", applied.getMaxValue() / 1_000.0);
        round.put("applicationCpuMicrosPerEdge", server * 1e6 / EDGES);
        round.put("taken", watch.stop());
        return round;
    }

    private static void learn(SimulatedEdge edge, Arm arm) throws IOException, InterruptedException {
        switch (arm) {
            case LONG_POLL -> {
                if (edge.poll(50) == null) {
                    throw new IOException("no revision within the wait");
                }
            }
            case POLL_EACH_10_S -> {
                // Edges do not start at the same moment, so their questions are spread evenly.
                long pause = ThreadLocalRandom.current().nextLong(TimeUnit.SECONDS.toMillis(POLL_SECONDS));
                TimeUnit.MILLISECONDS.sleep(pause);
                while (edge.poll(0) == null) {
                    TimeUnit.SECONDS.sleep(POLL_SECONDS);
                }
            }
        }
    }

    private static Map<String, Object> figures(Map<Arm, List<Map<String, Object>>> rounds, double pss) {
        var waiting = rounds.getOrDefault(Arm.LONG_POLL, List.of());
        var asking = rounds.getOrDefault(Arm.POLL_EACH_10_S, List.of());
        var ratio = Ratio.of(column(waiting, "p99Ms"), column(asking, "p99Ms"));
        var figures = new LinkedHashMap<String, Object>();
        figures.put("edges", EDGES);
        figures.put("rounds", rounds);
        figures.put(
                "disturbed",
                rounds.values().stream()
                        .flatMap(List::stream)
                        .anyMatch(round -> round.get("taken") instanceof Watch.Taken taken && taken.isDisturbed()));
        figures.put("applicationPssMebibytes", pss);
        figures.put("p99AgainstPolling", ratio);
        figures.put(
                "summary",
                ("%d edges, publish to applied acknowledgement: p50 %.0f ms, p99 %.0f ms; polling every %d s p99 %.0f ms;"
                                + " ratio of p99 %s; application %.0f µs CPU per edge")
                        .formatted(
                                EDGES,
                                Results.median(column(waiting, "p50Ms")),
                                Results.median(column(waiting, "p99Ms")),
                                POLL_SECONDS,
                                Results.median(column(asking, "p99Ms")),
                                ratio,
                                Results.median(column(waiting, "applicationCpuMicrosPerEdge"))));
        return figures;
    }

    private static List<Double> column(List<Map<String, Object>> rounds, String name) {
        return rounds.stream().map(round -> (Double) round.get(name)).toList();
    }

    private static Map<String, Object> policy(int variant) {
        return Map.of(
                "virtualServices",
                List.of(Map.of(
                        "name", "shop",
                        "address", "127.0.0.1",
                        "port", 20_000 + variant,
                        "protocol", "HTTP",
                        "pool", "web")),
                "pools",
                List.of(Map.of("name", "web", "members", List.of(Map.of("address", "127.0.0.1", "port", 19_001)))));
    }
}
