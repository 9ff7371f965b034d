package io.garrison.bench;

import io.garrison.acceptance.Installation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/**
 * From publishing a revision to the acknowledgement of each of 1,000 simulated edges over mutual TLS, against a loop that
 * asks every 10 seconds, whose time is known: a publication waits evenly between 0 and 10 seconds for it.
 */
final class PushBenchmark implements Benchmark {

    private static final int EDGES = 1_000;
    private static final int PUSHES = 5;
    private static final double POLL_P99_MS = 9_900;

    @Override
    public Map<String, Object> run() throws Exception {
        try (var installation = new Installation(EDGES);
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var customer = installation.customer("fleet", installation.loadLicence(), EDGES);
            installation.publish(customer, policy(0), "revision 1");
            var edges = enrol(installation, installation.token(customer, EDGES), threads);
            for (var edge : edges) {
                edge.poll(0);
                edge.report(1);
            }
            long server = installation.process().pid();
            var rounds = new ArrayList<Map<String, Object>>();
            for (int push = 1; push <= PUSHES; push++) {
                rounds.add(push(installation, customer, edges, push, server, threads));
            }
            for (var edge : edges) {
                edge.close();
            }
            return figures(rounds, ProcessFigures.pssMebibytes(server));
        }
    }

    private static List<SimulatedEdge> enrol(
            Installation installation, io.garrison.acceptance.Api.Answer token, ExecutorService threads)
            throws Exception {
        var secret = token.body().path("token").asString();
        var enrolments = new ArrayList<java.util.concurrent.Future<SimulatedEdge>>();
        var slots = new java.util.concurrent.Semaphore(16);
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

    private static Map<String, Object> push(
            Installation installation,
            Installation.Customer customer,
            List<SimulatedEdge> edges,
            int push,
            long server,
            ExecutorService threads)
            throws Exception {
        var applied = new ConcurrentHistogram(TimeUnit.MINUTES.toMicros(2), 3);
        var failure = new AtomicReference<Throwable>();
        var waiting = new CountDownLatch(edges.size());
        var done = new CountDownLatch(edges.size());
        var published = new long[1];
        for (var edge : edges) {
            threads.submit(() -> {
                try {
                    waiting.countDown();
                    if (edge.poll(50) == null) {
                        throw new IOException("no revision within the wait");
                    }
                    edge.report(push + 1L);
                    applied.recordValue((System.nanoTime() - published[0]) / 1_000);
                } catch (IOException | RuntimeException e) {
                    failure.set(e);
                } finally {
                    done.countDown();
                }
            });
        }
        waiting.await();
        TimeUnit.SECONDS.sleep(3); // every long poll has reached the server
        double cpuBefore = ProcessFigures.cpuSeconds(server);
        published[0] = System.nanoTime();
        installation.publish(customer, policy(push), "revision " + (push + 1));
        if (!done.await(90, TimeUnit.SECONDS) || failure.get() != null) {
            throw new IllegalStateException("push " + push + " did not reach every edge", failure.get());
        }
        double cpu = ProcessFigures.cpuSeconds(server) - cpuBefore;
        return round(push, applied, cpu);
    }

    private static Map<String, Object> round(int push, Histogram applied, double cpu) {
        var round = new LinkedHashMap<String, Object>();
        round.put("push", push);
        round.put("acknowledged", applied.getTotalCount());
        round.put("p50Ms", applied.getValueAtPercentile(50) / 1_000.0);
        round.put("p99Ms", applied.getValueAtPercentile(99) / 1_000.0);
        round.put("maxMs", applied.getMaxValue() / 1_000.0);
        round.put("serverCpuMicrosPerEdge", cpu * 1e6 / applied.getTotalCount());
        return round;
    }

    private static Map<String, Object> figures(List<Map<String, Object>> rounds, double pss) {
        // The first push warms the code; the others count.
        var warm = rounds.subList(1, rounds.size());
        double p50 =
                Results.median(warm.stream().map(r -> (Double) r.get("p50Ms")).toList());
        double p99 =
                Results.median(warm.stream().map(r -> (Double) r.get("p99Ms")).toList());
        double cpu = Results.median(
                warm.stream().map(r -> (Double) r.get("serverCpuMicrosPerEdge")).toList());
        var figures = new LinkedHashMap<String, Object>();
        figures.put("edges", EDGES);
        figures.put("rounds", rounds);
        figures.put("serverPssMebibytes", pss);
        figures.put(
                "summary",
                "%d edges, publish to applied acknowledgement: p50 %.0f ms, p99 %.0f ms (%.3f of a 10 s poll), server %.0f µs CPU per edge"
                        .formatted(EDGES, p50, p99, p99 / POLL_P99_MS, cpu));
        return figures;
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
