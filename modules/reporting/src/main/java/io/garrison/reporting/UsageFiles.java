package io.garrison.reporting;

import io.garrison.instances.SiteIdentity;
import io.garrison.protocol.SiteUsage;

/** Takes usage that was carried here by hand. */
public interface UsageFiles {

    /**
     * Loads a signed file of an installation of a customer's own; one that was loaded before, over whatever way, changes
     * nothing. The first file of an installation binds its key to the sub-licence within. Nothing is kept of a file that is
     * refused. With no tenant bound.
     *
     * @throws ReportingException.UsageRefused if it is no such file, was changed, or a row breaks a rule
     * @throws io.garrison.instances.SiteException.SiteRefused if it is of no installation that may be bound here
     */
    Loaded load(byte[] file);

    record Loaded(SiteIdentity site, SiteUsage.Taken taken) {}
}
