package io.garrison.edge.ha;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class HaThreadTests {

    /** As when the machine has no threads left for a moment. */
    @Test
    void goesOnWhateverATurnThrows() throws Exception {
        var turns = new CountDownLatch(3);
        try (var thread = new HaThread()) {
            thread.every(1, () -> {
                turns.countDown();
                throw new OutOfMemoryError("unable to create native thread");
            });
            assertThat(turns.await(10, TimeUnit.SECONDS)).isTrue();
        }
    }
}
