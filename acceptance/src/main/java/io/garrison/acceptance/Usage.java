package io.garrison.acceptance;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;

/** What billing exports, added up. */
public final class Usage {

    private Usage() {}

    /** Asks the edges for their registers and waits until they are committed. */
    public static void flush(Api provider) {
        provider.await(provider.post("/api/v1/usage/flush", java.util.Map.of()), Duration.ofSeconds(90));
    }

    public static long total(Api api, String path, String metric, Predicate<JsonNode> which) {
        var now = Instant.now();
        var total = BigDecimal.ZERO;
        String after = "";
        do {
            var page = api.get("%s?from=%s&to=%s&limit=500%s"
                            .formatted(
                                    path,
                                    now.minus(Duration.ofHours(3)),
                                    now.plus(Duration.ofHours(1)),
                                    after.isEmpty() ? "" : "&after=" + after))
                    .expect(200)
                    .body();
            total = total.add(StreamSupport.stream(page.path("items").spliterator(), false)
                    .filter(record -> record.path("metric").asString().equals(metric))
                    .filter(which)
                    .map(record -> new BigDecimal(record.path("quantity").asString()))
                    .reduce(BigDecimal.ZERO, BigDecimal::add));
            after = page.path("next").isString() ? page.path("next").asString() : "";
        } while (!after.isEmpty());
        return total.longValueExact();
    }

    /** The records of one tenant of the last hours, as they are told. */
    public static List<JsonNode> records(Api api, String tenantId) {
        var now = Instant.now();
        return api.get("/api/v1/usage?from=%s&to=%s&tenantId=%s&limit=500"
                        .formatted(now.minus(Duration.ofHours(3)), now.plus(Duration.ofHours(1)), tenantId))
                .expect(200)
                .body()
                .path("items")
                .valueStream()
                .toList();
    }

    public static Predicate<JsonNode> service(String tenantId, String virtualService) {
        return record -> record.path("tenantId").asString().equals(tenantId)
                && record.path("virtualService").asString().equals(virtualService);
    }
}
