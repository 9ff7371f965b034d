package io.garrison.edge.doctor;

import java.util.List;

/**
 * What an agent needs of its heap.
 *
 * @param liveBytes what its last collection left
 * @param mostBytes what the heap may be
 * @param hourlyBytes the least that collections of each full hour left, oldest first
 */
public record Memory(long liveBytes, long mostBytes, List<Long> hourlyBytes) {}
