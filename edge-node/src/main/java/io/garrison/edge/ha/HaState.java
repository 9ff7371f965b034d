package io.garrison.edge.ha;

import io.garrison.protocol.Availability.DrillResult;
import io.garrison.protocol.Availability.Fault;
import io.garrison.protocol.Availability.RouterState;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How an instance stands to the shared addresses.
 *
 * @param haRole ACTIVE if it holds any, or shares none; STANDBY if it could hold some; FAULT if it could not
 * @param planError why the newest plan is not in force; null if it is
 * @param bypass why traffic passes uninspected; null if it does not
 * @param flaps how often it left the active state within the window
 * @param activeLinkPairs with carriers at both ends; null if none are watched
 * @param drills results that management has not taken yet
 */
public record HaState(
        String haRole,
        @Nullable String planError,
        List<RouterState> routers,
        @Nullable String bypass,
        int flaps,
        @Nullable Integer activeLinkPairs,
        List<Fault> faults,
        List<DrillResult> drills) {}
