package io.garrison.instances;

/** Signs what is carried by hand to the MSSP's installation. For the system's own work; checks no permission. */
public interface SiteSigner {

    /**
     * A file of one batch, signed with this installation's key and with the sub-licence that it runs on. With no tenant
     * bound.
     *
     * @param batch bytes of a {@link io.garrison.protocol.SiteUsage}
     * @throws SiteException.NoSite if this installation runs on no sub-licence of somebody else's
     */
    byte[] file(long number, byte[] batch);
}
