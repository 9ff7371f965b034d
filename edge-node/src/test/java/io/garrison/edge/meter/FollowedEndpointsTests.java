package io.garrison.edge.meter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.garrison.edge.meter.ByteCounters.Endpoint;
import io.garrison.protocol.MeterRecord.Source;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** HC-21: the kernel counts before anybody serves, and until nobody does. */
class FollowedEndpointsTests {

    private static final Endpoint SHOP = new Endpoint("shop", "192.0.2.1", 80);
    private static final Endpoint MOVED = new Endpoint("shop", "192.0.2.2", 80);
    private static final Endpoint RENAMED = new Endpoint("store", "192.0.2.1", 80);
    private static final Endpoint LOOPBACK = new Endpoint("shop", "127.0.0.1", 80);

    private final Kernel kernel = new Kernel();
    private final FollowedEndpoints followed = new FollowedEndpoints(kernel);

    @Test
    void countsWhereAConfigurationIsAboutToServe() throws IOException {
        turn(List.of(), worker("a", false));
        followed.expect(List.of(), List.of(SHOP));
        assertThat(kernel.rules).containsExactly(SHOP);
        kernel.pass(SHOP, 300);

        assertThat(turn(List.of(), worker("a", false)).counts())
                .as("nobody's while it does not serve")
                .isEmpty();
        var first = turn(List.of(SHOP), worker("b", false, "shop"));
        assertThat(first.counts()).containsEntry("shop", new Counts(300, 0, 0, 0));
        assertThat(first.doubted()).isEmpty();
        assertThat(followed.sourceOf("shop")).isEqualTo(Source.KERNEL);
    }

    /** What it gives up too early would be billed by nobody, or twice. */
    @Test
    void givesACounterUpOnceItWasReadForTheLastTime() throws IOException {
        assertThat(followed.forget("shop")).as("nothing is known yet").isFalse();
        turn(List.of(SHOP), worker("a", false, "shop"));
        assertThat(followed.forget("shop")).as("it serves").isFalse();
        turn(List.of(), worker("a", true, "shop"), worker("b", false));
        assertThat(followed.forget("shop")).as("old clients").isFalse();
        turn(List.of(), worker("b", false));
        assertThat(followed.forget("shop")).as("its rule has not gone").isFalse();
        turn(List.of(), worker("b", false));
        turn(List.of(), worker("b", false));
        assertThat(kernel.forgotten).isEmpty();

        assertThat(followed.forget("shop")).isTrue();

        assertThat(kernel.forgotten).containsExactly("shop");
    }

    @Test
    void doubtsAServiceThatNobodyAnnounced() throws IOException {
        turn(List.of(), worker("a", false));

        assertThat(turn(List.of(SHOP), worker("b", false, "shop")).doubted()).containsExactly("shop");
        assertThat(turn(List.of(SHOP), worker("b", false, "shop")).doubted()).isEmpty();
    }

    @Test
    void forgetsAConfigurationThatFailed() throws IOException {
        turn(List.of(SHOP), worker("a", false, "shop"));
        followed.expect(List.of(SHOP), List.of(MOVED));
        assertThat(kernel.rules).containsExactlyInAnyOrder(SHOP, MOVED);

        followed.expect(List.of(SHOP), List.of());

        assertThat(kernel.rules).containsExactly(SHOP);
    }

    @Test
    void countsOnWhereOldWorkersHaveClients() throws IOException {
        turn(List.of(SHOP), worker("a", false, "shop"));
        followed.expect(List.of(SHOP), List.of(MOVED));
        turn(List.of(MOVED), worker("a", true, "shop"), worker("b", false, "shop"));
        kernel.pass(SHOP, 500);
        kernel.pass(MOVED, 20);
        assertThat(turn(List.of(MOVED), worker("a", true, "shop"), worker("b", false, "shop"))
                        .counts())
                .containsEntry("shop", new Counts(520, 0, 0, 0));

        turn(List.of(MOVED), worker("b", false, "shop"));
        kernel.pass(SHOP, 1);
        assertThat(turn(List.of(MOVED), worker("b", false, "shop")).counts())
                .as("the last packets of the last client")
                .containsEntry("shop", new Counts(521, 0, 0, 0));

        assertThat(kernel.rules).containsExactly(MOVED);
    }

    @Test
    void countsARemovedServiceUntilItsLastClientHasGone() throws IOException {
        turn(List.of(SHOP), worker("a", false, "shop"));
        turn(List.of(), worker("a", true, "shop"), worker("b", false));
        kernel.pass(SHOP, 500);
        turn(List.of(), worker("b", false));

        assertThat(turn(List.of(), worker("b", false)).counts()).containsEntry("shop", new Counts(500, 0, 0, 0));
        assertThat(kernel.rules).isEmpty();
        assertThat(turn(List.of(), worker("b", false)).counts()).isEmpty();
    }

    @Test
    void givesTheEndpointOfARenamedServiceToTheNewNameOnce() throws IOException {
        turn(List.of(SHOP), worker("a", false, "shop"));
        followed.expect(List.of(SHOP), List.of(RENAMED));
        kernel.pass(SHOP, 70);
        var reading = turn(List.of(RENAMED), worker("a", true, "shop"), worker("b", false, "store"));

        assertThat(reading.counts()).as("what came before the change").containsEntry("shop", new Counts(70, 0, 0, 0));
        assertThat(kernel.rules).containsExactly(RENAMED);
        kernel.pass(SHOP, 5);
        reading = turn(List.of(RENAMED), worker("a", true, "shop"), worker("b", false, "store"));
        assertThat(reading.counts()).containsEntry("store", new Counts(5, 0, 0, 0));
    }

    @Test
    void leavesToHaproxyAServiceThatMovesToLoopback() throws IOException {
        turn(List.of(SHOP), worker("a", false, "shop"));
        kernel.pass(SHOP, 70);
        var reading = turn(List.of(LOOPBACK), worker("a", true, "shop"), worker("b", false, "shop"));

        assertThat(followed.sourceOf("shop")).isEqualTo(Source.PROXY);
        assertThat(reading.counts()).isEmpty();
        assertThat(kernel.rules).doesNotContain(SHOP);
    }

    @Test
    void readsNothingUntilTheKernelHasBeenToldOnceAndAsksHaproxyInTheEnd() throws IOException {
        kernel.refusing = true;
        for (int i = 0; i < 9; i++) {
            assertThatThrownBy(() -> followed.serve(List.of(SHOP))).isInstanceOf(IOException.class);
        }
        turn(List.of(SHOP), worker("a", false, "shop"));
        assertThat(followed.sourceOf("shop")).isEqualTo(Source.PROXY);

        kernel.refusing = false;
        turn(List.of(SHOP), worker("a", false, "shop"));
        assertThat(followed.sourceOf("shop")).isEqualTo(Source.KERNEL);
    }

    @Test
    void leavesToHaproxyWhatTheKernelRefusesToFollowLater() throws IOException {
        turn(List.of(SHOP), worker("a", false, "shop"));
        kernel.refusing = true;
        var mail = new Endpoint("mail", "192.0.2.1", 25);
        turn(List.of(SHOP, mail), worker("b", false, "shop", "mail"));

        assertThat(followed.sourceOf("shop")).isEqualTo(Source.KERNEL);
        assertThat(followed.sourceOf("mail")).isEqualTo(Source.PROXY);
    }

    @Test
    void doubtsWhatOldWorkersServeThatAnEarlierRunHasLeft() throws IOException {
        assertThat(turn(List.of(MOVED), worker("a", true, "shop"), worker("b", false, "shop"))
                        .doubted())
                .containsExactly("shop");
        assertThat(turn(List.of(MOVED), worker("b", false, "shop")).doubted()).isEmpty();
        assertThat(turn(List.of(MOVED), worker("b", true, "shop"), worker("c", false, "shop"))
                        .doubted())
                .as("one of this run")
                .isEmpty();
    }

    private FollowedEndpoints.Reading turn(List<Endpoint> serving, Snapshot.Worker... workers) throws IOException {
        followed.serve(serving);
        return followed.read(List.of(workers));
    }

    private static Snapshot.Worker worker(String id, boolean stopping, String... services) {
        var counts = new HashMap<String, Counts>();
        Set.of(services).forEach(service -> counts.put(service, Counts.ZERO));
        return new Snapshot.Worker(id, stopping, false, false, stopping ? 1 : 0, counts);
    }

    /** Counts at an address and port for each service with a rule there, as {@link NftCounters} does. */
    private static final class Kernel implements ByteCounters {

        final List<Endpoint> rules = new ArrayList<>();
        final Map<String, Counts> counters = new HashMap<>();
        final List<String> forgotten = new ArrayList<>();
        boolean refusing;

        void pass(Endpoint at, long bytes) {
            rules.stream()
                    .filter(rule -> rule.address().equals(at.address()) && rule.port() == at.port())
                    .forEach(rule -> counters.merge(rule.service(), new Counts(bytes, 0, 0, 0), Counts::plus));
        }

        @Override
        public Set<String> follow(List<Endpoint> endpoints) throws IOException {
            if (refusing) {
                throw new IOException("the test says so");
            }
            rules.clear();
            endpoints.stream().filter(Endpoint::isOwn).forEach(rules::add);
            rules.forEach(rule -> counters.putIfAbsent(rule.service(), Counts.ZERO));
            return rules.stream().map(Endpoint::service).collect(Collectors.toSet());
        }

        @Override
        public Map<String, Counts> read() {
            return Map.copyOf(counters);
        }

        @Override
        public void forget(String service) {
            forgotten.add(service);
        }

        @Override
        public void close() {}
    }
}
