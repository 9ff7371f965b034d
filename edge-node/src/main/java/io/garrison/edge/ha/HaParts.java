package io.garrison.edge.ha;

import io.garrison.edge.events.EventJournal;
import io.garrison.edge.ha.bypass.BypassPort;
import io.garrison.edge.ha.bypass.BypassPort.Passage;
import io.garrison.edge.haproxy.HaproxySockets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What the shared addresses need of the rest of the agent.
 *
 * @param directory of this part's own files
 * @param passages the services that serve now, with the members of their pools that take traffic
 * @param sessions of the services that serve now
 * @param clientBytes of all clients so far, both directions together
 * @param lastContact when management answered last; null if never
 * @param shutOut whether a person has taken this instance out of its stack
 * @param silence after which management counts as unreachable
 * @param unknownToPeers for how many ms more peers may not know of this instance, which has just joined; would it begin
 *     before, it would hear nobody and take what a peer holds
 * @param nonlocal told when HAProxy may listen on addresses that it could not listen on before
 * @param changed lets a report go out soon
 */
public record HaParts(
        Path directory,
        HaproxySockets haproxy,
        BypassPort bypass,
        Supplier<List<Passage>> passages,
        Sessions sessions,
        LongSupplier clientBytes,
        Supplier<@Nullable Instant> lastContact,
        BooleanSupplier shutOut,
        Duration silence,
        LongSupplier unknownToPeers,
        EventJournal events,
        Runnable nonlocal,
        Runnable changed,
        Clock clock) {}
