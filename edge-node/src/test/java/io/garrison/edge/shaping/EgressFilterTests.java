package io.garrison.edge.shaping;

import static org.assertj.core.api.Assertions.assertThat;

import io.garrison.edge.meter.ByteCounters.Endpoint;
import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;

class EgressFilterTests {

    /** Of iproute2 6.1. */
    private static final String SHOWN = """
            filter protocol ip pref 20001 u32 chain 0\s
            filter protocol ip pref 20001 u32 chain 0 fh 800: ht divisor 1\s
            filter protocol ip pref 20001 u32 chain 0 fh 800::800 order 2048 key ht 800 bkt 0 terminal flowid not_in_hw\s
              match 0a610701/ffffffff at 12
              match 00060000/00ff0000 at 8
              match 1f900000/ffff0000 at 20
            \taction order 1: mirred (Egress Redirect to device gr0123456789o) stolen
            \tindex 1 ref 1 bind 1

            filter protocol all pref 49152 bpf chain 0\s
            filter protocol all pref 49152 bpf chain 0 handle 0x1 prog.o:[tc] direct-action not_in_hw\s
            """;

    @Test
    void readsWhatTcShows() {
        var filters = EgressFilter.parse(SHOWN);

        assertThat(filters.getFirst().redirect()).isEqualTo("gr0123456789o");
        assertThat(filters.getFirst().isOf(new KernelNames("gr0123456789o", "gr0123456789i", "t", 24_000)))
                .isTrue();
        assertThat(filters.getFirst().is(new Target(InetAddress.ofLiteral("10.97.7.1"), 8_080)))
                .isTrue();
        assertThat(filters.getFirst().is(new Target(InetAddress.ofLiteral("10.97.7.1"), 8_081)))
                .isFalse();
        assertThat(filters.getFirst().is(new Target(InetAddress.ofLiteral("10.97.7.2"), 8_080)))
                .isFalse();
        assertThat(filters.getLast().kind()).isEqualTo("bpf");
        assertThat(filters.getLast().redirect()).isNull();
        assertThat(EgressFilter.parse("")).isEmpty();
    }

    @Test
    void knowsItsOwnFilterWhoseDeviceIsGone() {
        var gone = EgressFilter.parse(SHOWN.replace("gr0123456789o", "*")).getFirst();

        assertThat(gone.leadsNowhere()).isTrue();
        assertThat(gone.isOf(new KernelNames("gr0123456789o", "gr0123456789i", "t", 20_000)))
                .isTrue();
        assertThat(gone.isOf(new KernelNames("gr9876543210o", "gr9876543210i", "t", 20_004)))
                .as("another instance's")
                .isFalse();
        assertThat(gone.isOfAnInstance()).isTrue();
        var foreign = EgressFilter.parse(SHOWN.replace("gr0123456789o", "*").replace("20001", "49152"))
                .getFirst();
        assertThat(foreign.isOfAnInstance()).isFalse();
    }

    @Test
    void takesAWildcardForEveryAddressAndLoopbackForNone() {
        var devices = new Devices(
                List.of("eth0"), List.of(InetAddress.ofLiteral("192.0.2.1"), InetAddress.ofLiteral("2001:db8::1")));

        assertThat(Target.of(
                        List.of(
                                new Endpoint("a", "0.0.0.0", 80),
                                new Endpoint("b", "::", 81),
                                new Endpoint("c", "127.0.0.1", 82),
                                new Endpoint("d", "192.0.2.9", 83)),
                        devices))
                .extracting(Target::nftElement)
                .containsExactlyInAnyOrder("192.0.2.1 . 80", "2001:db8:0:0:0:0:0:1 . 81", "192.0.2.9 . 83");
    }
}
