package io.garrison.licensing;

import java.util.UUID;

/** Identity of a licence of the provider, given by whoever issued it. */
public record LicenseId(UUID value) {

    @Override
    public String toString() {
        return value.toString();
    }
}
