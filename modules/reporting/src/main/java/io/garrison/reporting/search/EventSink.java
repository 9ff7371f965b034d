package io.garrison.reporting.search;

import io.garrison.protocol.ProtocolJson;
import io.garrison.reporting.LogSearch.SearchUnavailable;
import io.garrison.reporting.ingest.BadRecord;
import io.garrison.reporting.ingest.BatchSink;
import io.garrison.reporting.ingest.StampedEvent;
import io.garrison.reporting.ingest.TelemetryRules;
import io.garrison.reporting.ingest.Topic;
import java.io.ByteArrayOutputStream;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.springframework.stereotype.Component;
import tools.jackson.databind.node.ObjectNode;

/**
 * Takes access events into OpenSearch. The id of a document is made of the event's, so an event that comes again replaces
 * itself. While OpenSearch does not answer, or says that it has too much to do, events wait in Kafka.
 */
@Component
class EventSink implements BatchSink<StampedEvent> {

    private static final int DOCUMENTS_AT_ONCE = 2_000;

    private final SearchNode node;
    private final EventIndices indices;
    private final Clock clock;

    EventSink(SearchNode node, EventIndices indices, Clock clock) {
        this.node = node;
        this.indices = indices;
        this.clock = clock;
    }

    @Override
    public Topic topic() {
        return Topic.EVENT;
    }

    @Override
    public UUID tenantOf(StampedEvent value) {
        return value.tenant();
    }

    @Override
    public StampedEvent decode(byte[] value) {
        try {
            var stamped = ProtocolJson.read(value, StampedEvent.class);
            if (stamped.tenant() == null
                    || stamped.stack() == null
                    || stamped.instance() == null
                    || stamped.event() == null) {
                throw new BadRecord("field-missing", "an event without a sender");
            }
            var broken = TelemetryRules.broken(stamped.event(), clock.instant());
            if (broken != null) {
                throw new BadRecord(broken, "event " + stamped.event().id());
            }
            return stamped;
        } catch (IllegalArgumentException e) {
            throw new BadRecord("malformed", String.valueOf(e.getMessage()));
        }
    }

    @Override
    public List<Rejected<StampedEvent>> deliver(List<Item<StampedEvent>> batch) {
        var current = current(batch);
        var rejected = new ArrayList<Rejected<StampedEvent>>();
        for (var from = 0; from < current.size(); from += DOCUMENTS_AT_ONCE) {
            var part = current.subList(from, Math.min(current.size(), from + DOCUMENTS_AT_ONCE));
            rejected.addAll(index(part));
        }
        return rejected;
    }

    private List<Item<StampedEvent>> current(List<Item<StampedEvent>> batch) {
        return batch.stream()
                .filter(item -> !indices.isOver(item.value().event().at()))
                .toList();
    }

    private List<Rejected<StampedEvent>> index(List<Item<StampedEvent>> part) {
        var lines = new ByteArrayOutputStream(part.size() * 512);
        for (var item : part) {
            var stamped = item.value();
            lines.writeBytes(ProtocolJson.write(Map.of("index", target(stamped))));
            lines.write('\n');
            lines.writeBytes(ProtocolJson.write(document(stamped)));
            lines.write('\n');
        }
        var answer = node.bulk(lines.toByteArray());
        var rejected = new ArrayList<Rejected<StampedEvent>>();
        if (answer.path("errors").asBoolean(true)) {
            var results = answer.path("items");
            for (var i = 0; i < part.size(); i++) {
                var result = results.path(i).path("index");
                var status = result.path("status").asInt(500);
                if (status == 404) {
                    indices.forget(result.path("_index").asString(""));
                }
                if (status == 404 || status == 429 || status >= 500) {
                    throw new SearchUnavailable("OpenSearch took a document with " + status + " only", null);
                }
                if (status >= 400) {
                    rejected.add(new Rejected<>(part.get(i), "rejected-by-index"));
                }
            }
        }
        return rejected;
    }

    @Override
    public void retract(List<Item<StampedEvent>> batch) {
        var current = current(batch);
        for (var from = 0; from < current.size(); from += DOCUMENTS_AT_ONCE) {
            var lines = new ByteArrayOutputStream();
            for (var item : current.subList(from, Math.min(current.size(), from + DOCUMENTS_AT_ONCE))) {
                lines.writeBytes(ProtocolJson.write(Map.of("delete", target(item.value()))));
                lines.write('\n');
            }
            for (var result : node.bulk(lines.toByteArray()).path("items")) {
                var status = result.path("delete").path("status").asInt(500);
                if (status == 429 || status >= 500) {
                    throw new SearchUnavailable("OpenSearch deleted a document with " + status + " only", null);
                }
            }
        }
    }

    private Map<String, Object> target(StampedEvent stamped) {
        return Map.of(
                "_index", indices.ensure(stamped.tenant(), stamped.event().at()),
                "_id", id(stamped),
                "routing", stamped.tenant().toString());
    }

    /** An edge gives ids, so the tenant and the instance are part of it: nobody can replace another's event. */
    private static String id(StampedEvent stamped) {
        return stamped.tenant() + "/" + stamped.instance() + "/"
                + stamped.event().id();
    }

    /** The event's own fields, and those of its sender. Null values are left out. */
    private static Map<String, Object> document(StampedEvent stamped) {
        var document = new LinkedHashMap<String, Object>();
        var event = ProtocolJson.mapper().<ObjectNode>valueToTree(stamped.event());
        event.properties().forEach(field -> {
            if (!field.getValue().isNull()) {
                document.put(field.getKey(), field.getValue());
            }
        });
        document.put("tenant", stamped.tenant().toString());
        document.put("stack", stamped.stack().toString());
        document.put("instance", stamped.instance().toString());
        document.put("order", stamped.instance() + "/" + stamped.event().id());
        return document;
    }
}
