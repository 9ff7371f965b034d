package io.garrison.edge.doctor;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the agent that runs says of itself.
 *
 * @param pid of its process
 * @param cluster the document of {@code /cluster/status}; absent if that is not answered
 * @param sharing what is wrong with the tables that instances share, for people
 * @param files what is wrong with files that it found damaged, for people
 * @param memory absent from an agent that does not watch it
 */
public record Running(
        long pid,
        @Nullable Map<String, Object> cluster,
        List<String> sharing,
        List<String> files,
        @Nullable Memory memory) {}
