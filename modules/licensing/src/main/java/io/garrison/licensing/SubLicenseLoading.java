package io.garrison.licensing;

import io.garrison.tenancy.TenantSummary;

/** How a sub-licence that was signed elsewhere comes into this installation. */
public interface SubLicenseLoading {

    /**
     * Loads a signed sub-licence, which holds by the vendor's key alone, and makes the tenant that it names if there is
     * none. A file that is loaded already changes nothing; one with a higher serial takes the place of the one before. If
     * it grants fewer instances than run, the newest give their seats up after as many days as it has of grace.
     * From then on it works like one that was allocated here, but for operations that need its licence.
     *
     * @param file text of the signed sub-licence
     * @throws LicenseFileException.FileRefused if it does not hold, is over, or is a demonstration's in production
     * @throws LicenseFileException.WrongMode if it is for another mode than this installation's
     * @throws LicenseFileException.OnlyOne if this installation holds another one and its mode allows one
     * @throws LicenseFileException.Superseded if a newer file of the same sub-licence is loaded
     * @throws LicenseFileException.SerialReused if another file with the same serial is loaded
     * @throws LicenseFileException.AllocatedHere if it is newer than the one that this installation itself allocated
     * @throws LicenseFileException.OtherLicense if it was issued under another licence than the one before
     * @throws LicenseFileException.OtherTenant if the sub-licence is another tenant's here
     * @throws LicenseFileException.TenantUnnamed if the tenant has to be made and the file does not say how
     * @throws io.garrison.tenancy.TenancyException if the tenant is known under another slug, another tenant has the
     *     slug, or the tenant is being deleted
     */
    LoadedSubLicense load(String file);

    /** As {@link #load}, also if the licence under which it was issued is another one than before. */
    LoadedSubLicense loadUnderAnyLicense(String file);

    record LoadedSubLicense(TenantSummary tenant, SubLicenseSummary subLicense, Outcome outcome) {}

    enum Outcome {
        MADE,
        REPLACED,
        UNCHANGED
    }
}
