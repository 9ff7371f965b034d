package io.garrison.instances;

import io.garrison.protocol.CertificateRenewal;
import io.garrison.protocol.EnrollRequest;
import io.garrison.protocol.EnrollResponse;
import java.security.cert.X509Certificate;

/** How machines become instances and stay them. Called by the edge gateway; binds what it needs itself. */
public interface EdgeEnrollment {

    /**
     * Exchanges a token for an identity and a seat.
     *
     * @param origin network address of the caller
     * @throws InstanceException.EnrollmentRefused if the token is unknown, spent, expired, revoked or foreign
     * @throws InstanceException.CsrRefused if the signing request does not hold; the token stays unspent
     * @throws io.garrison.licensing.LicenseException if there is no seat; the token stays unspent
     */
    EnrollResponse enroll(EnrollRequest request, String origin);

    /**
     * Renews a certificate from two thirds of its life on. The older one holds until its end. With the edge's tenant
     * bound.
     *
     * @param current the certificate with which the edge has dialled in
     * @throws InstanceException.RenewalTooEarly before that
     * @throws InstanceException.CsrRefused if the signing request does not hold
     */
    CertificateRenewal.Response renew(EdgeIdentity from, X509Certificate current, CertificateRenewal.Request request);
}
