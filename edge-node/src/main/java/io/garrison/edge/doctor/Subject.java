package io.garrison.edge.doctor;

import io.garrison.edge.state.StateDirectory;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The instance that is looked at.
 *
 * @param machineSettings as for {@code run}
 * @param running the agent with this state directory; absent if none answers
 */
public record Subject(
        StateDirectory state,
        Optional<Path> machineSettings,
        Clock clock,
        @Nullable Running running) {

    boolean agentRuns() {
        return running != null;
    }
}
