package io.garrison.reporting;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Usage of this installation as signed files, for an MSSP whose own installation it cannot reach. */
public interface UsageExports {

    /**
     * Makes the next file of what is new.
     *
     * @return empty if nothing is
     * @throws io.garrison.instances.SiteException.NoSite if this installation runs on no sub-licence of a provider's
     */
    Optional<Export> next();

    /**
     * The newest first.
     *
     * @param before number of the last one seen
     * @param limit at most 501
     */
    List<Export> list(long before, int limit);

    /**
     * The same file each time.
     *
     * @throws ReportingException.UsageRefused if there is none of that number any more, or never was
     */
    byte[] file(long number);

    /**
     * @param sha256 of the batch of registers within the file
     * @param acknowledged whether the MSSP's installation has taken it over the network, so that no file is needed
     */
    record Export(long number, String sha256, int rows, Instant madeAt, boolean acknowledged) {}
}
