package io.garrison.instances;

import io.garrison.protocol.SiteUsage;

/**
 * Where the edge gateway hands on what installations of customers' own have counted. Declared here and implemented by the
 * module that keeps usage, so that the gateway does not depend on it. With no tenant bound and outside of any transaction.
 */
public interface SiteUsageIntake {

    /**
     * Returns once the batch is committed.
     *
     * @param batch bytes of a {@link SiteUsage}
     * @throws InstanceException.TooManyRequests if others are being taken, so that it has to come again
     * @throws io.garrison.tenancy.Refusal if it breaks a rule; nothing of it is kept then
     */
    SiteUsage.Taken take(SiteIdentity site, byte[] batch);
}
