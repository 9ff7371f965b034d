package io.garrison.instances.web;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.garrison.instances.HighAvailability.InstanceHa;
import io.garrison.instances.HighAvailability.InstanceWish;
import io.garrison.instances.availability.HaWarnings.Warning;
import io.garrison.instances.availability.StackLabel;
import io.garrison.instances.web.HaBodies.LinkPairBody;
import io.garrison.protocol.HaSettings.FlapAction;
import io.garrison.protocol.HaSettings.HaMode;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One instance's side as it is written in JSON. */
final class InstanceHaBodies {

    private InstanceHaBodies() {}

    /**
     * The twelve values, with their window and action. The first four and {@code primary} stay as they are if absent, the
     * others take their defaults. What {@link InstanceTold} has beyond that may be left in.
     *
     * @param takePrimary whether another primary is relieved; false if absent
     * @param detectionMs as it was read, or absent
     */
    @JsonIgnoreProperties({"instanceId", "stackId", "label", "warnings"})
    record InstanceChange(
            @Nullable HaMode mode,
            @Nullable Boolean primary,
            @Nullable Boolean takePrimary,
            @Nullable Integer port,
            @Nullable Integer peerCheckIntervalMs,
            @Nullable Integer peerFailureThreshold,
            @Nullable Long detectionMs,
            @Nullable Integer peerRecoveryThreshold,
            @Nullable Integer maximumFlaps,
            @Nullable Integer flapWindowSeconds,
            @Nullable FlapAction flapAction,
            @Nullable Boolean bandwidthMonitoring,
            @Nullable Long minimumBandwidthBps,
            @Nullable Integer bandwidthIntervalSeconds,
            @Nullable Integer linkMonitoringIntervalMs,
            @Nullable Integer minimumActiveLinkPairs,
            @Nullable List<@NotNull @Valid LinkPairBody> linkPairs,
            @Nullable Long declaredCapacityBps)
            implements OwnValues {

        InstanceWish wish(UUID id) {
            return new InstanceWish(
                    side(id, false),
                    mode,
                    port,
                    peerCheckIntervalMs,
                    peerFailureThreshold,
                    primary,
                    takePrimary != null && takePrimary);
        }

        /** As {@link HaBodies.StackChange#requireTold}. */
        void requireTold(InstanceHa before) {
            var ha = before.side().ha();
            long interval = peerCheckIntervalMs == null ? ha.peerCheckIntervalMs() : peerCheckIntervalMs;
            long threshold = peerFailureThreshold == null ? ha.peerFailureThreshold() : peerFailureThreshold;
            new ToldOnly()
                    .field("/detectionMs", detectionMs, ha.detectionMs(), interval * threshold)
                    .check();
        }
    }

    record InstanceTold(
            UUID instanceId,
            UUID stackId,
            StackLabel label,
            HaMode mode,
            boolean primary,
            int port,
            int peerCheckIntervalMs,
            int peerFailureThreshold,
            int peerRecoveryThreshold,
            int maximumFlaps,
            int flapWindowSeconds,
            FlapAction flapAction,
            boolean bandwidthMonitoring,
            long minimumBandwidthBps,
            int bandwidthIntervalSeconds,
            int linkMonitoringIntervalMs,
            int minimumActiveLinkPairs,
            List<LinkPairBody> linkPairs,
            @Nullable Long declaredCapacityBps,
            long detectionMs,
            List<Warning> warnings) {

        static InstanceTold of(InstanceHa told) {
            var ha = told.side().ha();
            return new InstanceTold(
                    told.instance().value(),
                    told.stack().value(),
                    told.label(),
                    ha.mode(),
                    ha.primary(),
                    ha.port(),
                    ha.peerCheckIntervalMs(),
                    ha.peerFailureThreshold(),
                    ha.peerRecoveryThreshold(),
                    ha.maximumFlaps(),
                    ha.flapWindowSeconds(),
                    ha.flapAction(),
                    ha.bandwidthMonitoring(),
                    ha.minimumBandwidthBps(),
                    ha.bandwidthIntervalSeconds(),
                    ha.linkMonitoringIntervalMs(),
                    ha.minimumActiveLinkPairs(),
                    LinkPairBody.of(told.side().linkPairs()),
                    told.side().declaredCapacityBps(),
                    ha.detectionMs(),
                    told.warnings());
        }
    }
}
