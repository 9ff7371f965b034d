package io.garrison.instances.web;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.garrison.instances.HighAvailability.StackHa;
import io.garrison.instances.HighAvailability.StackWish;
import io.garrison.instances.TrafficMode;
import io.garrison.instances.availability.HaWarnings.Warning;
import io.garrison.instances.availability.MixedModes;
import io.garrison.instances.availability.Placement;
import io.garrison.instances.availability.RouterSettings;
import io.garrison.instances.availability.SharedSettings;
import io.garrison.instances.availability.Side;
import io.garrison.instances.availability.StackLabel;
import io.garrison.protocol.HaSettings;
import io.garrison.protocol.HaSettings.FlapAction;
import io.garrison.protocol.HaSettings.HaMode;
import io.garrison.protocol.InstancePlan.LinkPair;
import io.garrison.protocol.VirtualRouter.VirtualAddress;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** High availability as it is written in JSON. */
final class HaBodies {

    private HaBodies() {}

    /**
     * Ranges and defaults as {@link HaSettings} says; what is absent takes its default. What {@link StackTold} has beyond
     * that may be left in.
     *
     * @param detectionMs as it was read, or absent
     */
    @JsonIgnoreProperties({"label", "placement", "warnings"})
    record StackChange(
            @Nullable TrafficMode trafficMode,
            @Nullable HaMode mode,
            @Nullable Integer port,
            @Nullable Integer peerCheckIntervalMs,
            @Nullable Integer peerFailureThreshold,
            @Nullable Long detectionMs,
            @Nullable List<@NotNull @Valid SideBody> instances,
            @Nullable List<@NotNull @Valid RouterChange> routers,
            @Nullable @Valid MixedBody mixed) {

        StackWish wish() {
            var usual = SharedSettings.DEFAULT;
            var shared = new SharedSettings(
                    or(mode, usual.mode()),
                    or(port, usual.port()),
                    or(peerCheckIntervalMs, usual.peerCheckIntervalMs()),
                    or(peerFailureThreshold, usual.peerFailureThreshold()));
            return new StackWish(
                    trafficMode,
                    shared,
                    or(instances, List.<SideBody>of()).stream()
                            .map(SideBody::side)
                            .toList(),
                    or(routers, List.<RouterChange>of()).stream()
                            .map(RouterChange::settings)
                            .toList(),
                    mixed == null ? MixedModes.DEFAULT : mixed.modes());
        }

        /** @throws io.garrison.instances.HaException.Invalid if what nobody sets is neither as it was nor as it will be */
        void requireTold(StackHa before) {
            var told = new ToldOnly()
                    .field(
                            "/detectionMs",
                            detectionMs,
                            before.settings().shared().detectionMs(),
                            wish().shared().detectionMs());
            var sent = or(routers, List.<RouterChange>of());
            for (int at = 0; at < sent.size(); at++) {
                var router = sent.get(at);
                boolean had = before.withPassword().contains(router.name());
                var password = router.password();
                told.field(
                        "/routers/" + at + "/passwordSet",
                        router.passwordSet(),
                        had,
                        password == null ? had : !password.isEmpty());
            }
            told.check();
        }
    }

    /** @param primary false if absent */
    record SideBody(
            @NotNull UUID instanceId,
            @Nullable Boolean primary,
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

        Side side() {
            return side(instanceId, or(primary, false));
        }

        static SideBody of(Side side) {
            var ha = side.ha();
            return new SideBody(
                    side.instanceId(),
                    ha.primary(),
                    ha.peerRecoveryThreshold(),
                    ha.maximumFlaps(),
                    ha.flapWindowSeconds(),
                    ha.flapAction(),
                    ha.bandwidthMonitoring(),
                    ha.minimumBandwidthBps(),
                    ha.bandwidthIntervalSeconds(),
                    ha.linkMonitoringIntervalMs(),
                    ha.minimumActiveLinkPairs(),
                    LinkPairBody.of(side.linkPairs()),
                    side.declaredCapacityBps());
        }
    }

    record LinkPairBody(@NotNull String front, @NotNull String back) {

        static List<LinkPairBody> of(List<LinkPair> pairs) {
            return pairs.stream()
                    .map(pair -> new LinkPairBody(pair.front(), pair.back()))
                    .toList();
        }
    }

    record AddressBody(
            @NotNull String address,
            @NotNull Integer prefixLength,
            @Nullable String device) {}

    /**
     * @param version 3 if absent
     * @param password absent to leave the one that there is, empty to take it away
     * @param passwordSet as it was read, or absent
     * @param gratuitousArpRepeat 5 if absent
     * @param gratuitousArpRefreshSeconds 0 if absent
     */
    record RouterChange(
            @NotNull String name,
            @NotNull String network,
            @NotNull Integer id,
            @NotNull String device,
            @NotNull List<@NotNull @Valid AddressBody> addresses,
            @Nullable UUID owner,
            @Nullable Integer version,
            @Nullable String password,
            @Nullable Boolean passwordSet,
            @Nullable Integer gratuitousArpRepeat,
            @Nullable Integer gratuitousArpRefreshSeconds) {

        RouterSettings settings() {
            return new RouterSettings(
                    name,
                    network,
                    id,
                    device,
                    addresses.stream()
                            .map(each -> new VirtualAddress(each.address(), each.prefixLength(), each.device()))
                            .toList(),
                    owner,
                    version == null ? 3 : version,
                    password,
                    gratuitousArpRepeat == null ? 5 : gratuitousArpRepeat,
                    gratuitousArpRefreshSeconds == null ? 0 : gratuitousArpRefreshSeconds);
        }
    }

    record RouterTold(
            String name,
            String network,
            int id,
            String device,
            List<VirtualAddress> addresses,
            @Nullable UUID owner,
            int version,
            boolean passwordSet,
            int gratuitousArpRepeat,
            int gratuitousArpRefreshSeconds) {

        static RouterTold of(RouterSettings router, boolean passwordSet) {
            return new RouterTold(
                    router.name(),
                    router.network(),
                    router.id(),
                    router.device(),
                    router.addresses(),
                    router.owner(),
                    router.version(),
                    passwordSet,
                    router.gratuitousArpRepeat(),
                    router.gratuitousArpRefreshSeconds());
        }
    }

    record StackTold(
            StackLabel label,
            TrafficMode trafficMode,
            HaMode mode,
            int port,
            int peerCheckIntervalMs,
            int peerFailureThreshold,
            long detectionMs,
            List<SideBody> instances,
            List<RouterTold> routers,
            MixedBody mixed,
            Placement placement,
            List<Warning> warnings) {

        static StackTold of(StackHa ha) {
            var settings = ha.settings();
            var shared = settings.shared();
            return new StackTold(
                    ha.label(),
                    settings.trafficMode(),
                    shared.mode(),
                    shared.port(),
                    shared.peerCheckIntervalMs(),
                    shared.peerFailureThreshold(),
                    shared.detectionMs(),
                    settings.sides().stream().map(SideBody::of).toList(),
                    settings.routers().stream()
                            .map(router ->
                                    RouterTold.of(router, ha.withPassword().contains(router.name())))
                            .toList(),
                    MixedBody.of(settings.mixed()),
                    ha.placement(),
                    ha.warnings());
        }
    }

    static <T> T or(@Nullable T value, T otherwise) {
        return value == null ? otherwise : value;
    }
}
