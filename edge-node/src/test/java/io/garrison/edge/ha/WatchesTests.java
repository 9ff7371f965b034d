package io.garrison.edge.ha;

import static org.assertj.core.api.Assertions.assertThat;

import io.garrison.protocol.HaSettings;
import io.garrison.protocol.HaSettings.FlapAction;
import io.garrison.protocol.HaSettings.HaMode;
import org.junit.jupiter.api.Test;

/** HA-06 to HA-09: what is judged by time, with a time of the test's own. */
class WatchesTests {

    @Test
    void forgetsChangesOfRoleThatAreOlderThanTheWindow() {
        var window = new FlapWindow();
        for (int i = 0; i < 6; i++) {
            window.add("web", i * 10_000);
        }
        window.add("api", 0);

        assertThat(window.count(50_000, 600_000)).as("of the worst router").isEqualTo(6);
        assertThat(window.count(50_000, 30_000)).isEqualTo(3);
        assertThat(window.count(81_000, 30_000)).isZero();
    }

    @Test
    void countsAsBadAfterEnoughBadLooksAndAsGoodAfterEnoughGoodTime() {
        var state = new Hysteresis();

        assertThat(state.look(false, 0, 2, 300)).isFalse();
        assertThat(state.look(false, 100, 2, 300)).isTrue();
        assertThat(state.look(true, 200, 2, 300)).isTrue();
        assertThat(state.look(true, 400, 2, 300)).isTrue();
        assertThat(state.look(false, 450, 2, 300)).as("good time begins anew").isTrue();
        assertThat(state.look(true, 500, 2, 300)).isTrue();
        assertThat(state.look(true, 800, 2, 300)).isFalse();
    }

    @Test
    void handsOverWhenAHolderThatHadTrafficGetsTooLittle() {
        var watch = new BandwidthWatch();

        assertThat(seconds(watch, ha(true, 8_000, 5), true, 0, 20, 2_000))
                .as("16 kbit/s")
                .isFalse();
        assertThat(seconds(watch, ha(true, 8_000, 5), true, 20, 22, 500))
                .as("not for long enough")
                .isFalse();
        assertThat(seconds(watch, ha(true, 8_000, 5), true, 22, 40, 500)).isTrue();
    }

    @Test
    void handsOverByTheMinimumAndTheIntervalThatAreSet() {
        assertThat(afterGoodTime(ha(true, 8_000, 5), 500, 8)).isTrue();
        assertThat(afterGoodTime(ha(true, 3_000, 5), 500, 8))
                .as("another minimum")
                .isFalse();
        assertThat(afterGoodTime(ha(true, 8_000, 30), 500, 8))
                .as("another interval")
                .isFalse();
        assertThat(afterGoodTime(ha(false, 8_000, 5), 500, 8))
                .as("switched off")
                .isFalse();
    }

    @Test
    void doesNotPingPongOnANetworkThatIsQuietForEverybody() {
        var watch = new BandwidthWatch();

        assertThat(seconds(watch, ha(true, 8_000, 5), true, 0, 300, 0))
                .as("never had any")
                .isFalse();
        assertThat(seconds(watch, ha(true, 8_000, 5), false, 300, 320, 0))
                .as("holds nothing")
                .isFalse();
    }

    @Test
    void staysQuietForAWhileAfterItHasSpoken() {
        var watch = new BandwidthWatch();
        var ha = ha(true, 8_000, 5);
        seconds(watch, ha, true, 0, 20, 2_000);
        assertThat(seconds(watch, ha, true, 20, 40, 0)).isTrue();

        assertThat(seconds(watch, ha, true, 40, 55, 2_000)).isFalse();
        assertThat(watch.isEnough()).as("what the latch is released by").isTrue();
        assertThat(seconds(watch, ha, true, 55, 75, 0)).as("hold-down").isFalse();
    }

    private static boolean afterGoodTime(HaSettings ha, long bytes, int seconds) {
        var watch = new BandwidthWatch();
        seconds(watch, ha, true, 0, 60, 2_000);
        return seconds(watch, ha, true, 60, 60 + seconds, bytes);
    }

    private static long total;

    private static boolean seconds(BandwidthWatch watch, HaSettings ha, boolean master, int from, int to, long bytes) {
        boolean low = false;
        for (int i = from; i < to; i++) {
            total += bytes;
            low |= watch.isTooLow(ha, master, total, i * 1_000L);
        }
        return low;
    }

    private static HaSettings ha(boolean monitoring, long minimum, int seconds) {
        return new HaSettings(
                HaMode.ACTIVE_PASSIVE,
                true,
                null,
                null,
                null,
                null,
                null,
                null,
                FlapAction.ALARM,
                monitoring,
                minimum,
                seconds,
                null,
                null);
    }
}
