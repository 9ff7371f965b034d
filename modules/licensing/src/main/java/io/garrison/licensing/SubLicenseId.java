package io.garrison.licensing;

import java.util.UUID;

/** Identity of a sub-licence. */
public record SubLicenseId(UUID value) {

    @Override
    public String toString() {
        return value.toString();
    }
}
