package io.garrison.licensing;

import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What the bound tenant, and what the provider, should hear of. */
public interface LicenseNotices {

    /**
     * The bound tenant's, newest first.
     *
     * @param after id of the last one seen
     * @param limit at most 501
     */
    List<LicenseNotice> ofTenant(@Nullable UUID after, int limit);

    /**
     * The bound tenant has read it; harmless if it has before.
     *
     * @throws LicenseException.UnknownNotice if the bound tenant has none such
     */
    LicenseNotice acknowledge(UUID id);

    /** Those of all tenants and of the installation, newest first. With no tenant bound. */
    List<LicenseNotice> all(@Nullable UUID after, int limit);

    /**
     * The provider has read it; harmless if it has before. With no tenant bound.
     *
     * @throws LicenseException.UnknownNotice if there is none such
     */
    LicenseNotice acknowledgeForProvider(UUID id);
}
