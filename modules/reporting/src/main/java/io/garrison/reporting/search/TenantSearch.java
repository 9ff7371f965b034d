package io.garrison.reporting.search;

import io.garrison.protocol.ProtocolJson;
import io.garrison.protocol.Telemetry.AccessEvent;
import io.garrison.reporting.LogSearch;
import io.garrison.reporting.ReportingException.BadCursor;
import io.garrison.reporting.ReportingException.BadRange;
import io.garrison.tenancy.CurrentTenant;
import io.garrison.tenancy.Permission;
import io.garrison.tenancy.Requires;
import io.garrison.tenancy.http.Page;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.springframework.stereotype.Service;
import tools.jackson.databind.JsonNode;

/**
 * The one way to documents in OpenSearch, which knows no tenants itself: every search here is filtered by the bound
 * tenant, sent to its shard alone, and every hit is looked at once more.
 */
@Service
class TenantSearch implements LogSearch {

    private final SearchNode node;
    private final EventIndices indices;

    TenantSearch(SearchNode node, EventIndices indices) {
        this.node = node;
        this.indices = indices;
    }

    @Override
    @Requires(Permission.TELEMETRY_VIEW)
    public Page<LogLine> search(LogQuery query) {
        var tenant = CurrentTenant.require().value();
        if (!query.from().isBefore(query.to())) {
            throw new BadRange("from must be before to.");
        }
        if (query.limit() < 1 || query.limit() > MAX_LIMIT) {
            throw new BadRange("limit must be 1 to %d.".formatted(MAX_LIMIT));
        }
        var filters = new ArrayList<Map<String, Object>>();
        filters.add(Map.of("term", Map.of("tenant", tenant.toString())));
        filters.add(Map.of("range", Map.of("at", Map.of("gte", query.from(), "lt", query.to()))));
        filters.addAll(LogQueryParser.parse(query.query()));
        var body = new LinkedHashMap<String, Object>();
        body.put("size", query.limit() + 1);
        body.put("track_total_hits", false);
        body.put("timeout", "20s");
        body.put("query", Map.of("bool", Map.of("filter", filters)));
        body.put("sort", List.of(Map.of("at", "desc"), Map.of("order", "desc")));
        if (query.after() != null) {
            body.put("search_after", cursor(query.after()));
        }
        var hits = new ArrayList<Hit>();
        for (var hit : node.search(indices.of(tenant), tenant.toString(), body)
                .path("hits")
                .path("hits")) {
            hits.add(hit(tenant, hit));
        }
        return Page.of(hits, query.limit(), Hit::cursor).map(Hit::line);
    }

    private static Hit hit(UUID tenant, JsonNode hit) {
        var source = hit.path("_source");
        if (!source.path("tenant").asString("").equals(tenant.toString())) {
            throw new IllegalStateException("OpenSearch answered a document of another tenant");
        }
        var event = ProtocolJson.mapper().treeToValue(source, AccessEvent.class);
        var line = new LogLine(
                UUID.fromString(source.path("stack").asString()),
                UUID.fromString(source.path("instance").asString()),
                event);
        var sort = hit.path("sort");
        return new Hit(line, sort.path(0).asString("") + "|" + sort.path(1).asString(""));
    }

    private record Hit(LogLine line, String position) {
        String cursor() {
            return Base64.getUrlEncoder().withoutPadding().encodeToString(position.getBytes(StandardCharsets.UTF_8));
        }
    }

    private static List<Object> cursor(String after) {
        try {
            var parts = new String(Base64.getUrlDecoder().decode(after), StandardCharsets.UTF_8).split("\\|");
            if (parts.length != 2 || !parts[1].matches("[0-9a-f-]{36}/[0-9a-f-]{36}")) {
                throw new BadCursor();
            }
            return List.of(Long.parseLong(parts[0]), parts[1]);
        } catch (IllegalArgumentException e) {
            throw new BadCursor();
        }
    }
}
