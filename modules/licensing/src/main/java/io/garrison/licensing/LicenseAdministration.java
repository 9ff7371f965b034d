package io.garrison.licensing;

import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What the provider does with its own licences. */
public interface LicenseAdministration {

    /**
     * Loads a signed licence, with the signing key that comes with it.
     *
     * @param file text of the licence file
     * @throws LicenseFileException.FileRefused if it does not hold
     * @throws LicenseFileException.AlreadyLoaded if it is loaded
     * @throws LicenseFileException.ProviderLicensesRefused if the installation's mode holds a sub-licence instead
     */
    LicenseSummary load(String file);

    /**
     * Newest first.
     *
     * @param after id of the last one seen
     * @param limit at most 501
     */
    List<LicenseSummary> list(@Nullable LicenseId after, int limit);

    /** @throws LicenseException.UnknownLicense if it is not loaded */
    LicenseSummary get(LicenseId id);

    /** @throws LicenseException.UnknownLicense if it is not loaded */
    LicensePool pool(LicenseId id);

    /** The id of this installation, for a licence that is bound to it. */
    UUID deployment();
}
