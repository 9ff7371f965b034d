package io.garrison.licensing;

import io.garrison.licensing.LicenseFileException.FileRefused;
import io.garrison.licensing.LicenseFileException.Flaw;
import io.garrison.licensing.LicenseFileException.ProviderLicensesRefused;
import io.garrison.licensing.LicenseFileException.WrongMode;
import io.garrison.licensing.file.VendorKeys;
import io.garrison.tenancy.DeploymentRules;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/**
 * Which licences are taken here: those of the configured vendors, in production none of a demonstration, and only what
 * the installation's mode allows.
 */
@Component
class VendorTrust {

    private final VendorKeys keys;
    private final boolean production;
    private final DeploymentRules rules;

    /** @throws IllegalStateException if the file of keys is configured and cannot be used; it must not pass for empty */
    VendorTrust(LicensingSettings settings, @Value("${garrison.profile:}") String profile, DeploymentRules rules) {
        this.rules = rules;
        this.production = profile.equals("production");
        var file = settings.vendorKeys();
        try {
            this.keys = file == null
                    ? VendorKeys.none()
                    : VendorKeys.parse(Files.readString(file, StandardCharsets.ISO_8859_1));
        } catch (IOException | IllegalArgumentException e) {
            throw new IllegalStateException("garrison.licensing.vendor-keys: cannot use " + file, e);
        }
    }

    VendorKeys keys() {
        return keys;
    }

    /** @throws FileRefused if it is a demonstration's and this is production */
    void requireFit(boolean demo) {
        if (demo && production) {
            throw new FileRefused(
                    Flaw.DEMO_REFUSED,
                    "A licence made for a demonstration is not taken in production. Load a real one.");
        }
    }

    /** @throws ProviderLicensesRefused if this installation holds a sub-licence and no licence */
    void requireProviderLicenses() {
        if (!rules.providerLicenses()) {
            throw new ProviderLicensesRefused(rules.mode());
        }
    }

    /** @throws WrongMode if a sub-licence is for another mode than this installation's */
    void requireOurMode(String mode) {
        if (!mode.equals(rules.mode().name())) {
            throw new WrongMode(mode, rules.mode());
        }
    }
}
