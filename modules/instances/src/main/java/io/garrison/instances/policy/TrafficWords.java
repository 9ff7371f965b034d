package io.garrison.instances.policy;

import io.garrison.instances.PolicyDiff.Kind;
import io.garrison.instances.PolicyDiff.TrafficChange;
import io.garrison.protocol.Policy;
import io.garrison.protocol.Pool;
import io.garrison.protocol.RateLimit;
import io.garrison.protocol.VirtualService;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Says what clients and servers will notice. */
final class TrafficWords {

    private static final int SHOWN = 5;

    private final List<TrafficChange> changes = new ArrayList<>();

    private TrafficWords() {}

    static List<TrafficChange> between(Policy before, Policy after) {
        var words = new TrafficWords();
        words.services(
                byName(before.virtualServices(), VirtualService::name),
                byName(after.virtualServices(), VirtualService::name));
        words.pools(byName(before.pools(), Pool::name), byName(after.pools(), Pool::name));
        return List.copyOf(words.changes);
    }

    private static <T> Map<String, T> byName(List<T> things, Function<T, @Nullable String> name) {
        var named = new LinkedHashMap<String, T>();
        things.forEach(thing -> named.putIfAbsent(Objects.requireNonNullElse(name.apply(thing), ""), thing));
        return named;
    }

    private void services(Map<String, VirtualService> before, Map<String, VirtualService> after) {
        before.forEach((name, service) -> {
            if (!after.containsKey(name)) {
                say(Kind.REMOVED, service(name), "no longer accepts connections at %s".formatted(place(service)));
            }
        });
        after.forEach((name, service) -> {
            var old = before.get(name);
            if (old == null) {
                say(
                        Kind.ADDED,
                        service(name),
                        "accepts %s at %s and sends it to pool %s%s"
                                .formatted(
                                        speech(service),
                                        place(service),
                                        service.pool(),
                                        service.enabled() ? "" : ", but is disabled"));
            } else if (!old.equals(service)) {
                serviceChanges(name, old, service);
            }
        });
    }

    private void serviceChanges(String name, VirtualService before, VirtualService after) {
        var subject = service(name);
        if (!place(before).equals(place(after))) {
            changed(subject, "moves from %s to %s; clients must follow".formatted(place(before), place(after)));
        }
        if (!before.enabled().equals(after.enabled())) {
            changed(subject, after.enabled() ? "accepts connections again" : "stops accepting connections");
        }
        if (!speech(before).equals(speech(after))) {
            changed(subject, "speaks %s instead of %s".formatted(speech(after), speech(before)));
        } else if (!Objects.equals(before.certificate(), after.certificate())) {
            changed(subject, "shows certificate %s instead of %s".formatted(after.certificate(), before.certificate()));
        }
        if (!Objects.equals(before.pool(), after.pool())) {
            changed(
                    subject,
                    "sends what no route takes to pool %s instead of %s".formatted(after.pool(), before.pool()));
        }
        listed(
                subject,
                "refuses clients from",
                "no longer refuses clients from",
                before.accessList().deny(),
                after.accessList().deny());
        allowed(subject, before.accessList().allow(), after.accessList().allow());
        if (!Objects.equals(before.rateLimit(), after.rateLimit())) {
            changed(
                    subject,
                    "allows one client %s instead of %s".formatted(rate(after.rateLimit()), rate(before.rateLimit())));
        }
        if (!before.maxConnections().equals(after.maxConnections())) {
            changed(
                    subject,
                    "holds at most %,d connections instead of %,d"
                            .formatted(after.maxConnections(), before.maxConnections()));
        }
        if (!before.routes().equals(after.routes())) {
            changed(
                    subject,
                    "routes requests by %d rules instead of %d, or by other ones"
                            .formatted(after.routes().size(), before.routes().size()));
        }
        if (!Objects.equals(before.persistence(), after.persistence())) {
            changed(
                    subject,
                    after.persistence() == null
                            ? "no longer keeps a client on one server"
                            : "keeps a client on one server by %s"
                                    .formatted(after.persistence().type()));
        }
        if (!before.protection().equals(after.protection())) {
            changed(
                    subject,
                    "inspects requests in mode %s instead of %s"
                            .formatted(
                                    after.protection().mode(),
                                    before.protection().mode()));
        }
    }

    private void allowed(String subject, List<String> before, List<String> after) {
        if (before.isEmpty() && !after.isEmpty()) {
            changed(subject, "admits only clients from %s".formatted(some(after)));
        } else if (!before.isEmpty() && after.isEmpty()) {
            changed(subject, "admits clients from everywhere instead of only %s".formatted(some(before)));
        } else {
            listed(subject, "also admits clients from", "no longer admits clients from", before, after);
        }
    }

    private void listed(String subject, String added, String removed, List<String> before, List<String> after) {
        var more = after.stream().filter(entry -> !before.contains(entry)).toList();
        var less = before.stream().filter(entry -> !after.contains(entry)).toList();
        if (!more.isEmpty()) {
            changed(subject, "%s %s".formatted(added, some(more)));
        }
        if (!less.isEmpty()) {
            changed(subject, "%s %s".formatted(removed, some(less)));
        }
    }

    private void pools(Map<String, Pool> before, Map<String, Pool> after) {
        before.forEach((name, pool) -> {
            if (!after.containsKey(name)) {
                say(
                        Kind.REMOVED,
                        pool(name),
                        "is gone with its %d members".formatted(pool.members().size()));
            }
        });
        after.forEach((name, pool) -> {
            var old = before.get(name);
            if (old == null) {
                say(
                        Kind.ADDED,
                        pool(name),
                        "serves with %s"
                                .formatted(some(pool.members().stream()
                                        .map(TrafficWords::place)
                                        .toList())));
            } else if (!old.equals(pool)) {
                poolChanges(name, old, pool);
            }
        });
    }

    private void poolChanges(String name, Pool before, Pool after) {
        var subject = pool(name);
        var old = byName(before.members(), TrafficWords::place);
        var now = byName(after.members(), TrafficWords::place);
        listed(
                subject,
                "also sends traffic to",
                "no longer sends traffic to",
                List.copyOf(old.keySet()),
                List.copyOf(now.keySet()));
        now.forEach((place, member) -> {
            var was = old.get(place);
            if (was != null && !was.enabled().equals(member.enabled())) {
                changed(
                        subject,
                        "%s %s"
                                .formatted(
                                        member.enabled() ? "sends traffic again to" : "stops sending traffic to",
                                        place));
            }
            if (was != null && !was.weight().equals(member.weight())) {
                changed(subject, "gives %s weight %d instead of %d".formatted(place, member.weight(), was.weight()));
            }
        });
        if (before.algorithm() != after.algorithm()) {
            changed(subject, "chooses servers by %s instead of %s".formatted(after.algorithm(), before.algorithm()));
        }
        if (!Objects.equals(before.healthMonitor(), after.healthMonitor())) {
            changed(
                    subject,
                    after.healthMonitor() == null
                            ? "no longer checks its members"
                            : "checks its members in another way");
        }
    }

    private static String rate(@Nullable RateLimit limit) {
        if (limit == null) {
            return "any rate";
        }
        var parts = new ArrayList<String>();
        if (limit.requestsPerSecond() != null) {
            parts.add("%,d requests/s".formatted(limit.requestsPerSecond()));
        }
        if (limit.requestsPerMinute() != null) {
            parts.add("%,d requests/min".formatted(limit.requestsPerMinute()));
        }
        if (limit.connectionsPerSecond() != null) {
            parts.add("%,d connections/s".formatted(limit.connectionsPerSecond()));
        }
        return String.join(" and ", parts);
    }

    private static String some(List<String> entries) {
        var shown = String.join(", ", entries.subList(0, Math.min(SHOWN, entries.size())));
        return entries.size() <= SHOWN ? shown : "%s and %,d more".formatted(shown, entries.size() - SHOWN);
    }

    private static String speech(VirtualService service) {
        return service.protocol() + (service.certificate() == null ? "" : " over TLS");
    }

    private static String place(VirtualService service) {
        return place(service.address(), service.port());
    }

    private static String place(Pool.Member member) {
        return place(member.address(), member.port());
    }

    private static String place(@Nullable String address, int port) {
        return address != null && address.contains(":") ? "[%s]:%d".formatted(address, port) : address + ":" + port;
    }

    private static String service(String name) {
        return "virtual service " + name;
    }

    private static String pool(String name) {
        return "pool " + name;
    }

    private void changed(String subject, String sentence) {
        say(Kind.CHANGED, subject, sentence);
    }

    private void say(Kind kind, String subject, String sentence) {
        changes.add(new TrafficChange(kind, subject, sentence));
    }
}
