package io.garrison.instances;

import io.garrison.licensing.SubLicenseId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Takes the bound tenant's configuration from one installation to another, as when it changes its deployment mode: stacks
 * with their ids, drafts, all revisions with their numbers, certificates with their keys. Instances, tokens and seats stay
 * behind: machines join the new installation by a token of its own.
 */
public interface ConfigurationMoves {

    /** What a file may have: as much as a request to the API, less a little. */
    int MAX_FILE_BYTES = 2_000_000;

    /** For whom the other installation has to seal the file. */
    String receiverKey();

    /**
     * By which two people tell whether they look at the same key: 128 bits of its SHA-256, in groups of four hexadecimal
     * digits.
     *
     * @throws InstanceException.MoveRefused if that is no key to seal for
     */
    String fingerprint(String receiverKey);

    /**
     * Everything, as a file that only one installation can open. Changes nothing here.
     *
     * @param receiverKey of the installation that will take it
     * @param revisions how many of each stack's newest revisions go along, from 1; all if null
     * @throws InstanceException.MoveRefused if that is no such key; if it does not fit into a file; or if a certificate
     *     that serves was replaced and not published, because the new one would then be published by the move
     */
    byte[] export(String receiverKey, @Nullable Integer revisions);

    /**
     * What {@link #take} would do, without doing it.
     *
     * @throws InstanceException.MoveRefused if the file is not for this installation or tenant, or is none
     * @throws io.garrison.licensing.LicenseException if the sub-licence is not in force
     */
    MovePreview preview(SubLicenseId subLicense, byte[] file);

    /**
     * Makes the stacks of such a file, all or none. What was published is published again under the next number, signed
     * by this installation, so that instances that join it trust it; what was published before stays as it was signed.
     *
     * @param subLicense under which the stacks will be
     * @throws InstanceException.MoveRefused if the file is not for this installation or tenant, or is here already
     * @throws InstanceException.PolicyInvalid if a policy would not hold here
     * @throws io.garrison.licensing.LicenseException if the sub-licence does not allow it
     */
    List<StackSummary> take(SubLicenseId subLicense, byte[] file);
}
