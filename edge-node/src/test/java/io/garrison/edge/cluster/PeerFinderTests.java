package io.garrison.edge.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.garrison.edge.cluster.discovery.DiscoveryProvider;
import io.garrison.edge.state.AddressSpace;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** DI-T11: what can't be looked up takes nothing away from what is known. */
class PeerFinderTests {

    private static final InetSocketAddress PEER = new InetSocketAddress(InetAddress.ofLiteral("10.0.0.2"), 7_000);

    @Test
    void keepsWhatItHasFoundWhenAnAnswerFromOutsideBreaksTheProvider() throws Exception {
        var answers = new BreakingProvider();
        var self = new InetSocketAddress(InetAddress.ofLiteral("10.0.0.1"), 7_000);
        var sources = new PeerFinder.Sources(answers, List.of(), List::of);
        try (var finder = new PeerFinder(sources, AddressSpace.EVERYWHERE, self, Clock.systemUTC())) {
            assertThat(finder.look()).isTrue();
            answers.broken = true;
            assertThat(finder.look()).isFalse();
            assertThat(finder.looked().code()).isEqualTo("answer-not-understood");
            assertThat(finder.known()).containsExactly(PEER);
        }
    }

    private static final class BreakingProvider implements DiscoveryProvider {
        private boolean broken;

        @Override
        public Set<InetSocketAddress> discover() {
            if (broken) {
                throw new ArrayIndexOutOfBoundsException(12);
            }
            return Set.of(PEER);
        }

        @Override
        public void close() {}
    }
}
