package io.garrison.licensing;

import io.garrison.tenancy.DeploymentMode;
import io.garrison.tenancy.TenantId;
import java.util.Optional;

/**
 * What installations of customers' own show of the sub-licences that this installation has issued to them. Checks no
 * permission: the file is the proof.
 */
public interface IssuedSubLicenses {

    /**
     * Recognizes a file that was issued here. With no tenant bound.
     *
     * @param file text of the signed sub-licence, of any serial
     * @throws LicenseFileException.FileRefused if its signatures do not hold
     * @throws LicenseException.UnknownSubLicense if it was not issued here, hangs on another licence or is signed with another
     *     key than the one that it was issued under, or names a serial that it has not reached
     */
    Issued recognize(String file);

    /**
     * The newest file of a sub-licence of the bound tenant, if its serial is above the one that is known.
     *
     * @throws LicenseException.UnknownSubLicense if the bound tenant has no such sub-licence
     */
    Optional<String> newerFile(SubLicenseId id, long serial);

    /**
     * @param mode of the installation that it is for
     * @param serial of the file that was shown
     * @param state of the sub-licence now, whatever the file says
     * @param instances how many it allows now, with what its overage rule adds
     */
    record Issued(
            TenantId tenant,
            SubLicenseId id,
            DeploymentMode mode,
            long serial,
            SubLicenseState state,
            long instances) {}
}
