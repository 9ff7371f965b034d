package io.garrison.instances;

import io.garrison.protocol.CertificateRenewal;
import io.garrison.protocol.SiteEnrollment;
import io.garrison.protocol.SiteReport;
import io.garrison.tenancy.TenantId;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.util.Set;
import java.util.UUID;

/**
 * How installations of customers' own become known to this one and stay so. Called by the edge gateway, and for files that
 * were carried by hand; with no tenant bound and outside of any transaction.
 */
public interface SiteAdmission {

    /**
     * Binds an installation and its key to the sub-licence that it shows; the same again gives another certificate.
     *
     * @param origin network address of the caller
     * @throws SiteException.SiteRefused if the file was not issued here, nothing may be bound to it now, the places
     *     are taken, the installation is bound with another key, or the key was unbound
     * @throws InstanceException.CsrRefused if the signing request does not hold
     */
    SiteEnrollment.Response enroll(SiteEnrollment.Request request, String origin);

    /**
     * The site that signed a file; binds it at its first one by the same rules as {@link #enroll}.
     *
     * @throws SiteException.SiteRefused as there
     */
    Recognized recognize(FileSender sender);

    /** @param isNew whether it was bound by this call */
    record Recognized(SiteIdentity site, boolean isNew) {}

    /** Takes back that a site was bound by its first file, because the file was refused. */
    void forget(SiteIdentity site);

    /** @param key that has signed; its owner holds the private half */
    record FileSender(UUID installation, String mode, String version, String subLicense, PublicKey key) {}

    /** Whether a certificate names a site; says nothing about whether it holds. */
    boolean isOfSite(X509Certificate certificate);

    /**
     * Who dials. Asks the database anew each time.
     *
     * @throws InstanceException.EdgeUnauthenticated if the certificate is none of a site that is bound
     */
    SiteIdentity admit(X509Certificate certificate);

    /**
     * Renews a certificate from two thirds of its life on; the key stays.
     *
     * @throws InstanceException.RenewalTooEarly before that
     */
    CertificateRenewal.Response renew(SiteIdentity site, X509Certificate current, CertificateRenewal.Request request);

    /** Takes a heartbeat. */
    SiteReport.Answer report(SiteIdentity site, SiteReport report);

    /** Usage of the site was taken. */
    void usageTaken(SiteIdentity site);

    /** The sites of a tenant that are bound. In the provider's scope, in the caller's transaction. */
    Set<UUID> bound(TenantId tenant);
}
