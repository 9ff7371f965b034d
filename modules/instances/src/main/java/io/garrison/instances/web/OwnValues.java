package io.garrison.instances.web;

import io.garrison.instances.availability.Side;
import io.garrison.instances.web.HaBodies.LinkPairBody;
import io.garrison.protocol.HaSettings;
import io.garrison.protocol.HaSettings.FlapAction;
import io.garrison.protocol.InstancePlan.LinkPair;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What one side has of its own, whoever writes it. */
interface OwnValues {
    @Nullable
    Integer peerRecoveryThreshold();

    @Nullable
    Integer maximumFlaps();

    @Nullable
    Integer flapWindowSeconds();

    @Nullable
    FlapAction flapAction();

    @Nullable
    Boolean bandwidthMonitoring();

    @Nullable
    Long minimumBandwidthBps();

    @Nullable
    Integer bandwidthIntervalSeconds();

    @Nullable
    Integer linkMonitoringIntervalMs();

    @Nullable
    Integer minimumActiveLinkPairs();

    @Nullable
    List<LinkPairBody> linkPairs();

    @Nullable
    Long declaredCapacityBps();

    /** With the defaults; what is shared is put in its place later. */
    default Side side(UUID id, boolean primary) {
        var usual = HaSettings.DEFAULT;
        var own = new HaSettings(
                usual.mode(),
                primary,
                usual.port(),
                usual.peerCheckIntervalMs(),
                usual.peerFailureThreshold(),
                HaBodies.or(peerRecoveryThreshold(), usual.peerRecoveryThreshold()),
                HaBodies.or(maximumFlaps(), usual.maximumFlaps()),
                HaBodies.or(flapWindowSeconds(), usual.flapWindowSeconds()),
                HaBodies.or(flapAction(), usual.flapAction()),
                HaBodies.or(bandwidthMonitoring(), usual.bandwidthMonitoring()),
                HaBodies.or(minimumBandwidthBps(), usual.minimumBandwidthBps()),
                HaBodies.or(bandwidthIntervalSeconds(), usual.bandwidthIntervalSeconds()),
                HaBodies.or(linkMonitoringIntervalMs(), usual.linkMonitoringIntervalMs()),
                HaBodies.or(minimumActiveLinkPairs(), usual.minimumActiveLinkPairs()));
        var pairs = HaBodies.or(linkPairs(), List.<LinkPairBody>of()).stream()
                .map(pair -> new LinkPair(pair.front(), pair.back()))
                .toList();
        return new Side(id, own, pairs, declaredCapacityBps());
    }
}
