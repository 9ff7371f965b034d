package io.garrison.instances;

import io.garrison.licensing.FederationGateway;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** Tells the customers' installations of this gateway, if it was set where they reach it. */
@Component
class SitesGateway implements FederationGateway {

    private final FederationSettings settings;
    private final InstallationKeys keys;

    SitesGateway(FederationSettings settings, InstallationKeys keys) {
        this.settings = settings;
        this.keys = keys;
    }

    @Override
    public Optional<Address> address() {
        return Optional.ofNullable(settings.gateway()).map(url -> new Address(url, keys.authoritySha256()));
    }
}
