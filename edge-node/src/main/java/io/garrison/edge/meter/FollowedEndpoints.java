package io.garrison.edge.meter;

import io.garrison.edge.meter.ByteCounters.Endpoint;
import io.garrison.protocol.MeterRecord.Source;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the kernel counts: at the endpoints that serve, at those that are about to, and at those that were given up, as
 * long as old workers have clients there. An endpoint belongs to one service; one that takes over the endpoint of another
 * has all of its bytes from then on.
 *
 * <p>Not thread-safe.
 */
public final class FollowedEndpoints {

    private static final Logger log = LoggerFactory.getLogger(FollowedEndpoints.class);

    /** How often the kernel may refuse at first before HAProxy is asked instead. */
    private static final int ATTEMPTS = 10;

    private final ByteCounters kernel;
    private Set<Endpoint> serving = Set.of();
    private Set<Endpoint> expected = Set.of();
    private final Set<Endpoint> givenUp = new HashSet<>();
    private Set<Endpoint> rules = Set.of();
    private Set<String> counted = Set.of();
    private Set<String> told = Set.of();
    private final Set<String> late = new HashSet<>();
    /** Workers that an earlier run has left: nobody knows where they serve. */
    private Set<String> inherited = Set.of();

    private int failures;
    private boolean begun;
    private boolean stale = true;
    private boolean firstReading = true;

    private record Place(String address, int port) {}

    /**
     * @param counts the kernel's, by service; empty if they can't be read now
     * @param doubted services of which the kernel may not have counted everything
     */
    public record Reading(Map<String, Counts> counts, Set<String> doubted) {}

    public FollowedEndpoints(ByteCounters kernel) {
        this.kernel = kernel;
    }

    /**
     * Counts at the next endpoints before anybody serves there.
     *
     * @param now those that serve still
     */
    public void expect(List<Endpoint> now, List<Endpoint> next) throws IOException {
        expected = Set.copyOf(next);
        serve(now);
    }

    /**
     * Comes before each reading of the workers.
     *
     * @throws IOException if the kernel can't be told and has never been. The caller reads nothing then and tries again,
     *     because what the kernel has counted since an earlier run would be billed by another source.
     */
    public void serve(List<Endpoint> now) throws IOException {
        var next = Set.copyOf(now);
        givenUp.addAll(serving);
        givenUp.removeAll(next);
        givenUp.removeIf(endpoint -> next.stream().anyMatch(other -> isMovedOutOfSight(endpoint, other)));
        serving = next;
        var wanted = wanted();
        if (!stale && wanted.equals(rules)) {
            return;
        }
        try {
            counted = kernel.follow(List.copyOf(wanted));
            if (begun) {
                serving.stream()
                        .filter(endpoint -> !rules.contains(endpoint))
                        .forEach(endpoint -> late.add(endpoint.service()));
            }
            rules = wanted;
            begun = true;
            stale = false;
            failures = 0;
        } catch (IOException e) {
            if (failures++ == 0) {
                log.warn("The kernel does not count for the services that are new: {}", e.getMessage());
            }
            if (!begun && failures < ATTEMPTS) {
                throw e;
            }
        }
    }

    /** Whose bytes those of this service are. */
    public Source sourceOf(String service) {
        return counted.contains(service)
                        && serving.stream()
                                .anyMatch(endpoint -> endpoint.service().equals(service)
                                        && endpoint.isOwn()
                                        && rules.contains(endpoint))
                ? Source.KERNEL
                : Source.PROXY;
    }

    /**
     * Reads the kernel.
     *
     * @param workers as they were read just now
     */
    public Reading read(List<Snapshot.Worker> workers) {
        var old = workers.stream().filter(Snapshot.Worker::stopping).toList();
        inherited = old.stream()
                .map(Snapshot.Worker::id)
                .filter(id -> firstReading || inherited.contains(id))
                .collect(Collectors.toSet());
        firstReading = false;
        var doubted = new HashSet<>(late);
        late.clear();
        old.stream()
                .filter(worker -> inherited.contains(worker.id()))
                .forEach(worker -> doubted.addAll(worker.services().keySet()));
        givenUp.stream().filter(endpoint -> !endpoint.isOwn()).forEach(endpoint -> doubted.add(endpoint.service()));
        doubted.removeIf(service -> !counted.contains(service));

        var counts = counts();
        // A rule that goes with the next turn counts until then.
        givenUp.removeIf(
                endpoint -> old.stream().noneMatch(worker -> worker.services().containsKey(endpoint.service())));
        return new Reading(counts, doubted);
    }

    /**
     * Gives up what the kernel has counted for a service that is gone.
     *
     * @return false if there is a rule for it, or its counter was not read for the last time
     */
    public boolean forget(String service) throws IOException {
        boolean follows = told.contains(service)
                || Stream.of(serving, expected, givenUp, rules)
                        .flatMap(Set::stream)
                        .anyMatch(endpoint -> endpoint.service().equals(service));
        if (follows || !begun) {
            return false;
        }
        kernel.forget(service);
        return true;
    }

    /** Of services that serve, that are given up, and once more of those whose rules have just gone. */
    private Map<String, Counts> counts() {
        var names = new HashSet<String>();
        givenUp.forEach(endpoint -> names.add(endpoint.service()));
        serving.forEach(endpoint -> {
            if (sourceOf(endpoint.service()) == Source.KERNEL) {
                names.add(endpoint.service());
            } else {
                names.remove(endpoint.service());
            }
        });
        var wanted = new HashSet<>(names);
        wanted.addAll(told);
        serving.stream()
                .map(Endpoint::service)
                .filter(service -> !names.contains(service))
                .forEach(wanted::remove);
        if (wanted.isEmpty()) {
            return Map.of();
        }
        try {
            var counts = new HashMap<>(kernel.read());
            counts.keySet().retainAll(wanted);
            told = names;
            return counts;
        } catch (IOException e) {
            // The kernel counts on; the next reading that succeeds has all of it.
            log.warn("The kernel's counters cannot be read: {}", e.getMessage());
            stale = true;
            return Map.of();
        }
    }

    private Set<Endpoint> wanted() {
        var owners = new LinkedHashMap<Place, Endpoint>();
        for (var endpoints : List.of(serving, givenUp, expected)) {
            endpoints.forEach(endpoint -> owners.putIfAbsent(new Place(endpoint.address(), endpoint.port()), endpoint));
        }
        return Set.copyOf(owners.values());
    }

    /** HAProxy counts for such a service, old workers included. */
    private static boolean isMovedOutOfSight(Endpoint former, Endpoint now) {
        return former.service().equals(now.service()) && !now.isOwn();
    }
}
