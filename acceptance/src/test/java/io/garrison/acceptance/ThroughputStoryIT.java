package io.garrison.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.garrison.acceptance.ProviderStaff.Customer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** MS-06: two instances share what their sub-licence grants, by demand; counted by the clients of both. */
@ExtendWith(Provider.Shared.class)
class ThroughputStoryIT {

    private static final double MEGABIT = 1_000_000;
    /** Of the sub-licence. */
    private static final double LIMIT = 100 * MEGABIT;

    private static final int PORT = 8_080;

    @Test
    void twoInstancesShareTheThroughputOfTheirSubLicenceByDemand(Provider provider) throws Exception {
        assumeThat(System.getProperty("user.name")).as("namespaces need root").isEqualTo("root");
        assumeThat(Stream.of("haproxy", "nft", "tc", "ip"))
                .as("programs of the edge")
                .allMatch(program -> Files.isExecutable(Path.of("/usr/sbin", program)));
        var installation = provider.installation();
        var customer = installation.staff().customer("bandwidth", provider.licence(), 2);
        installation.staff().publish(customer, policy(), "first");
        try (var left = new Site(1);
                var right = new Site(2)) {
            try (var first = edge(installation, customer, left, "at-site-1");
                    var second = edge(installation, customer, right, "at-site-2")) {
                awaitShares(customer);
                sharesByDemand(left, right);
                assertThat(first.status().path("throughput").path("limiting").asBoolean())
                        .isTrue();
                assertThat(second.status().path("throughput").path("shareBps").asLong())
                        .isBetween(1L, 100_000_000L);
            }
        } finally {
            ProviderStaff.decommissionAll(customer);
        }
    }

    private static void sharesByDemand(Site left, Site right) throws Exception {
        var onLeft = left.load(PORT, 4);
        Await.until(
                "the busy one has nearly all",
                Duration.ofSeconds(40),
                () -> left.receivedBps(Duration.ofSeconds(2)) > 0.95 * LIMIT);
        assertThat(both(left, right, Duration.ofSeconds(5)).getFirst()).isBetween(0.95 * LIMIT, 1.05 * LIMIT);

        var onRight = right.load(PORT, 4);
        var together = new ArrayList<Double>();
        Await.until("both have the same", Duration.ofSeconds(40), () -> {
            var rates = both(left, right, Duration.ofSeconds(2));
            together.add(rates.get(0) + rates.get(1));
            return rates.get(1) > 0.45 * LIMIT;
        });
        assertThat(together).as("on the way there").allMatch(rate -> rate < 1.05 * LIMIT);
        var even = both(left, right, Duration.ofSeconds(8));
        assertThat(even.get(0) + even.get(1)).isBetween(0.95 * LIMIT, 1.05 * LIMIT);
        assertThat(even.get(0)).isBetween(0.45 * LIMIT, 0.55 * LIMIT);

        onLeft.destroyForcibly();
        Await.until(
                "the other has nearly all",
                Duration.ofSeconds(60),
                () -> right.receivedBps(Duration.ofSeconds(2)) > 0.95 * LIMIT);
        onRight.destroyForcibly();
    }

    /** Of the same seconds. */
    private static List<Double> both(Site left, Site right, Duration span) throws Exception {
        try (var threads = Executors.newFixedThreadPool(2)) {
            List<Callable<Double>> measures = List.of(() -> left.receivedBps(span), () -> right.receivedBps(span));
            return threads.invokeAll(measures).stream().map(Future::resultNow).toList();
        }
    }

    private static Edge edge(Installation installation, Customer customer, Site site, String name) throws IOException {
        site.serve(19_001);
        return Edge.join(
                        installation.directory,
                        name,
                        installation.staff().token(customer, 1).body(),
                        site.address())
                .run(site.edge());
    }

    private static void awaitShares(Customer customer) {
        Await.until("both are limited", Duration.ofSeconds(60), () -> {
            var instances = customer.api()
                    .get(customer.stackPath() + "/instances")
                    .expect(200)
                    .body()
                    .path("items");
            int limited = 0;
            for (var instance : instances) {
                var throughput = instance.path("throughput");
                boolean serves = instance.path("syncState").asString().equals("IN_SYNC");
                if (serves && throughput.path("enforcement").asString().equals("TC")) {
                    limited++;
                }
            }
            assertThat(limited).as("%s", instances).isEqualTo(2);
            return true;
        });
    }

    /** Each edge listens at its own address instead. */
    private static Map<String, Object> policy() {
        return Map.of(
                "virtualServices",
                List.of(Map.of(
                        "name", "flood", "address", "127.0.0.1", "port", PORT, "protocol", "TCP", "pool", "flood")),
                "pools",
                List.of(Map.of("name", "flood", "members", List.of(Map.of("address", "127.0.0.1", "port", 19_001)))));
    }
}
