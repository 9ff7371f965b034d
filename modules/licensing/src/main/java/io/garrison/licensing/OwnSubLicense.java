package io.garrison.licensing;

import io.garrison.tenancy.TenantId;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The one sub-licence on which an installation of a customer's own runs, for the system's own work. With no tenant bound.
 * Checks no permission.
 */
public interface OwnSubLicense {

    /** Empty where many may be loaded, and until one is. */
    Optional<Held> held();

    /**
     * @param file as it was loaded
     * @param gateway where its issuer wants to hear from this installation, if the file says so
     */
    record Held(
            TenantId tenant, SubLicenseId id, long serial, String file, FederationGateway.@Nullable Address gateway) {}
}
