package io.garrison.licensing;

import io.garrison.licensing.LicenseException.FileRefused;
import io.garrison.licensing.LicenseException.Flaw;
import io.garrison.licensing.file.VendorKeys;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/** Whose licences are taken here: those of the configured vendors, and in production none of a demonstration. */
@Component
class VendorTrust {

    private final VendorKeys keys;
    private final boolean production;

    /** @throws IllegalStateException if the file of keys is configured and cannot be used; it must not pass for empty */
    VendorTrust(LicensingSettings settings, @Value("${garrison.profile:}") String profile) {
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
}
