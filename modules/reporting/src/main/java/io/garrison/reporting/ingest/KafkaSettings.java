package io.garrison.reporting.ingest;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where Kafka is.
 *
 * @param bootstrap {@code host:port,…}; without it nothing is taken from edges and the application is not ready
 * @param username for SASL; without it there is no authentication
 * @param mechanism of SASL
 * @param tls whether and how connections are encrypted
 * @param partitions of each topic that does not exist yet
 */
@ConfigurationProperties("garrison.kafka")
public record KafkaSettings(
        @Nullable String bootstrap,
        @Nullable String username,
        @Nullable String password,
        @DefaultValue("PLAIN") Mechanism mechanism,
        @DefaultValue Tls tls,
        @DefaultValue("12") int partitions) {

    /** How the password is shown to the broker. */
    public enum Mechanism {
        PLAIN("PLAIN", "org.apache.kafka.common.security.plain.PlainLoginModule"),
        SCRAM_SHA_256("SCRAM-SHA-256", "org.apache.kafka.common.security.scram.ScramLoginModule"),
        SCRAM_SHA_512("SCRAM-SHA-512", "org.apache.kafka.common.security.scram.ScramLoginModule");

        private final String saslName;
        private final String loginModule;

        Mechanism(String saslName, String loginModule) {
            this.saslName = saslName;
            this.loginModule = loginModule;
        }

        String saslName() {
            return saslName;
        }

        String loginModule() {
            return loginModule;
        }
    }

    /** @param caFile PEM of the authorities that brokers' certificates are checked against; those of Java without it */
    public record Tls(
            @DefaultValue("false") boolean enabled,
            @Nullable Path caFile) {}

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
        return "KafkaSettings[bootstrap=" + bootstrap + ", username=" + username + ", mechanism=" + mechanism + ", tls="
                + tls + ", partitions=" + partitions + "]";
    }
}
