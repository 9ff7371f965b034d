package io.garrison.licensing;

/** Shows the provider who has what of its licences. */
public interface LicenseTrees {

    int MAX_SUB_LICENSES = 5_000;

    /**
     * Called with no tenant bound. Takes the same number of queries however large the tree is.
     *
     * @throws LicenseException.UnknownLicense if it is not loaded
     */
    LicenseTree of(LicenseId id);
}
