package io.garrison.reporting.ingest;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where Kafka is.
 *
 * @param bootstrap {@code host:port,…}; without it nothing is taken from edges and the application is not ready
 * @param username for SASL PLAIN; without it there is no authentication
 * @param partitions of each topic that does not exist yet
 */
@ConfigurationProperties("garrison.kafka")
public record KafkaSettings(
        @Nullable String bootstrap,
        @Nullable String username,
        @Nullable String password,
        @DefaultValue("12") int partitions) {

    public KafkaSettings {
        if (partitions < 1 || partitions > 1_000) {
            throw new IllegalArgumentException("garrison.kafka.partitions must be 1 to 1000, is " + partitions);
        }
    }

    public boolean isPresent() {
        return bootstrap != null && !bootstrap.isBlank();
    }

    @Override
    public String toString() {
        return "KafkaSettings[bootstrap=" + bootstrap + ", username=" + username + ", partitions=" + partitions + "]";
    }
}
