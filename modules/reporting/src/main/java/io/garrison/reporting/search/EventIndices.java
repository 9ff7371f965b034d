package io.garrison.reporting.search;

import io.garrison.reporting.LogSearch.SearchUnavailable;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * The indices of access events: one per retention, cell and day of the event, {@code g-events-90d-c0-2026.11.21}. The day
 * comes from the event and not from a write alias, so that an event that comes again goes to the same index, where its
 * id makes it the same document; and so a day is deleted exactly when its time is over. All tenants of a cell share an
 * index, each behind its routing value.
 */
@Component
class EventIndices {

    private static final Logger log = LoggerFactory.getLogger(EventIndices.class);
    private static final DateTimeFormatter DAY =
            DateTimeFormatter.ofPattern("uuuu.MM.dd").withZone(ZoneOffset.UTC);

    private final SearchNode node;
    private final SearchSettings settings;
    private final Clock clock;
    private final Set<String> known = ConcurrentHashMap.newKeySet();

    EventIndices(SearchNode node, SearchSettings settings, Clock clock) {
        this.node = node;
        this.settings = settings;
        this.clock = clock;
    }

    /** Where an event belongs; the index exists when this returns. */
    String ensure(UUID tenant, Instant at) {
        var index = "g-events-%dd-c%d-%s".formatted(settings.retentionDays(), cell(tenant), DAY.format(at));
        if (!known.contains(index)) {
            node.create(index, definition());
            known.add(index);
        }
        return index;
    }

    /** After a document was refused because its index is gone. */
    void forget(String index) {
        known.remove(index);
    }

    /** Every index that can hold events of the tenant, of whatever retention. */
    String of(UUID tenant) {
        return "g-events-*-c%d-*".formatted(cell(tenant));
    }

    /** Whether an event is so old that its index would be deleted at once. */
    boolean isOver(Instant at) {
        return at.isBefore(oldest(settings.retentionDays()));
    }

    @Scheduled(initialDelayString = "PT5M", fixedDelayString = "PT1H")
    void deleteWhatIsOver() {
        if (!settings.isPresent()) {
            return;
        }
        try {
            for (var index : node.indices("g-events-*")) {
                if (isOver(index)) {
                    node.delete(index);
                    known.remove(index);
                    log.info("index {} deleted: its retention is over", index);
                }
            }
        } catch (SearchUnavailable e) {
            log.info("indices are not looked at now: {}", e.getMessage());
        }
    }

    private boolean isOver(String index) {
        var parts = index.split("-");
        if (parts.length != 5 || !parts[2].matches("\\d{1,4}d")) {
            return false;
        }
        try {
            var day = LocalDate.parse(parts[4], DAY).plusDays(1).atStartOfDay(ZoneOffset.UTC);
            return !day.toInstant().isAfter(oldest(Integer.parseInt(parts[2].substring(0, parts[2].length() - 1))));
        } catch (DateTimeParseException e) {
            return false; // not one of ours
        }
    }

    private Instant oldest(int days) {
        return clock.instant().minusSeconds(days * 86_400L);
    }

    private int cell(UUID tenant) {
        return Math.floorMod(tenant.hashCode(), settings.cells());
    }

    private static Map<String, Object> definition() {
        var keyword = Map.of("type", "keyword", "ignore_above", 1_024);
        var searchable = Map.of("type", "keyword", "ignore_above", 1_024, "copy_to", "words");
        var number = Map.of("type", "long");
        var fields = new LinkedHashMap<String, Object>();
        for (var name : new String[] {"tenant", "order", "stack", "instance", "terminationState"}) {
            fields.put(name, keyword);
        }
        for (var name : new String[] {
            "virtualService", "method", "host", "path", "userAgent", "pool", "member", "verdict", "requestId"
        }) {
            fields.put(name, searchable);
        }
        for (var name : new String[] {"clientPort", "status", "bytesIn", "bytesOut"}) {
            fields.put(name, number);
        }
        fields.put("durationMs", Map.of("type", "double"));
        fields.put("clientAddress", Map.of("type", "ip", "ignore_malformed", true));
        fields.put("at", Map.of("type", "date"));
        fields.put("words", Map.of("type", "text"));
        return Map.of(
                "settings",
                Map.of(
                        "number_of_shards", 1,
                        "auto_expand_replicas", "0-1",
                        "refresh_interval", "2s",
                        "codec", "best_compression"),
                "mappings",
                Map.of("dynamic", false, "properties", fields));
    }
}
