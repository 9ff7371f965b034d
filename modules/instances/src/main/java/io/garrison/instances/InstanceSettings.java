package io.garrison.instances;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How instances are kept.
 *
 * @param certificateLifetime of the certificates of instances and of the gateway; renewed from two thirds on
 * @param heartbeat how often an instance shall report, in whole seconds
 * @param suspectAfter silence until an instance is SUSPECT
 * @param lostAfter silence until an instance is LOST
 * @param lastRegisters how long registers of an instance are taken after it was taken out of its stack; 0 for not at all
 */
@ConfigurationProperties("garrison.instances")
public record InstanceSettings(
        @DefaultValue("24h") Duration certificateLifetime,
        @DefaultValue("5s") Duration heartbeat,
        @DefaultValue("15s") Duration suspectAfter,
        @DefaultValue("30s") Duration lostAfter,
        @DefaultValue("14d") Duration lastRegisters) {

    public InstanceSettings {
        if (heartbeat.toSeconds() < 1) {
            throw new IllegalArgumentException("garrison.instances.heartbeat must be a second or more");
        }
        if (suspectAfter.compareTo(heartbeat) <= 0 || lostAfter.compareTo(suspectAfter) <= 0) {
            throw new IllegalArgumentException(
                    "garrison.instances: heartbeat < suspect-after < lost-after must hold, is %s, %s, %s"
                            .formatted(heartbeat, suspectAfter, lostAfter));
        }
        if (lastRegisters.isNegative()) {
            throw new IllegalArgumentException("garrison.instances.last-registers must be 0 or more");
        }
    }
}
