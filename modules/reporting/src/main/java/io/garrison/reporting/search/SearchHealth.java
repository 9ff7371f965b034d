package io.garrison.reporting.search;

import io.garrison.reporting.LogSearch.SearchUnavailable;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.stereotype.Component;

@Component("search")
class SearchHealth implements HealthIndicator {

    private final SearchNode node;

    SearchHealth(SearchNode node) {
        this.node = node;
    }

    @Override
    public Health health() {
        try {
            node.ping();
            return Health.up().build();
        } catch (SearchUnavailable e) {
            return Health.down()
                    .withDetail("opensearch", String.valueOf(e.getMessage()))
                    .build();
        }
    }
}
