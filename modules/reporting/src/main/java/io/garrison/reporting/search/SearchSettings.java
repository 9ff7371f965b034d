package io.garrison.reporting.search;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where OpenSearch is, and how events are kept in it.
 *
 * @param url such as {@code http://127.0.0.1:9200}; without it events wait in Kafka and nothing can be searched
 * @param username for Basic authentication; without it there is none
 * @param retentionDays after which a day's index is deleted
 * @param cells among which tenants are spread; each has one index per day
 */
@ConfigurationProperties("garrison.opensearch")
record SearchSettings(
        @Nullable String url,
        @Nullable String username,
        @Nullable String password,
        @DefaultValue("90") int retentionDays,
        @DefaultValue("1") int cells) {

    SearchSettings {
        if (retentionDays < 1 || retentionDays > 3_650) {
            throw new IllegalArgumentException(
                    "garrison.opensearch.retention-days must be 1 to 3650, is " + retentionDays);
        }
        if (cells < 1 || cells > 100) {
            throw new IllegalArgumentException("garrison.opensearch.cells must be 1 to 100, is " + cells);
        }
    }

    boolean isPresent() {
        return url != null && !url.isBlank();
    }

    @Override
    public String toString() {
        return "SearchSettings[url=" + url + ", username=" + username + ", retentionDays=" + retentionDays + ", cells="
                + cells + "]";
    }
}
