package io.garrison.edge.ha;

import static org.assertj.core.api.Assertions.assertThat;

import io.garrison.edge.ha.keepalived.HaFiles;
import io.garrison.edge.testing.MovedClock;
import io.garrison.protocol.VirtualRouter;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** HC-16: whoever turns clients away does not take the addresses when there are any later. */
class DrainingTests {

    @TempDir
    Path directory;

    @Test
    void isRememberedUntilThereIsAPlan() throws Exception {
        var files = new HaFiles(directory);
        var clock = new MovedClock();
        var watched = new Watched(new Roles(clock), new Steering(files), new Faults(clock));
        var router = new VirtualRouter("web", 51, "eth0", List.of(), 150, true, 3, null, null, null);
        try (var thread = new HaThread()) {
            var draining = new Draining(thread, watched, new HandOvers(watched.roles()));
            draining.before();
            assertThat(watched.plan()).isNull();
            watched.steering().prepare(List.of(router));
            assertThat(files.steering()).hasContent("-100");

            draining.after();
            assertThat(thread.ask(() -> watched.steering().has(Reason.DRAIN))).isFalse();
        }
    }
}
