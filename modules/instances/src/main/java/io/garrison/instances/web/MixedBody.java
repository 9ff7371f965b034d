package io.garrison.instances.web;

import io.garrison.instances.availability.MixedModes;
import io.garrison.instances.availability.MixedModes.OwnMode;
import io.garrison.instances.availability.MixedModes.ServiceMode;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How virtual services are served in the traffic mode MIXED, as it is written in JSON.
 *
 * @param http ACTIVE_ACTIVE if absent
 * @param tcp ACTIVE_PASSIVE if absent
 * @param services none if absent
 */
record MixedBody(
        @Nullable ServiceMode http,
        @Nullable ServiceMode tcp,
        @Nullable List<@NotNull @Valid ServiceBody> services) {

    record ServiceBody(@NotNull String service, @NotNull ServiceMode trafficMode) {}

    MixedModes modes() {
        var usual = MixedModes.DEFAULT;
        return new MixedModes(
                HaBodies.or(http, usual.http()),
                HaBodies.or(tcp, usual.tcp()),
                HaBodies.or(services, List.<ServiceBody>of()).stream()
                        .map(each -> new OwnMode(each.service(), each.trafficMode()))
                        .toList());
    }

    static MixedBody of(MixedModes modes) {
        return new MixedBody(
                modes.http(),
                modes.tcp(),
                modes.services().stream()
                        .map(own -> new ServiceBody(own.service(), own.trafficMode()))
                        .toList());
    }
}
