package io.garrison.edge.doctor;

import io.garrison.edge.state.StateDirectory;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The instance that is looked at.
 *
 * @param machineSettings as for {@code run}
 * @param agentRuns whether an agent with this state directory answers
 * @param clusterStatus what it says of its peers
 */
public record Subject(
        StateDirectory state,
        Optional<Path> machineSettings,
        Clock clock,
        boolean agentRuns,
        @Nullable Map<String, Object> clusterStatus) {}
