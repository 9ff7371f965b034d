package io.garrison.instances;

import io.garrison.protocol.CertificateRenewal;
import io.garrison.protocol.EnrollRequest;
import io.garrison.protocol.EnrollResponse;
import java.security.cert.X509Certificate;
import java.time.Duration;

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

    /** How long after its end a certificate is still exchanged for another. */
    Duration LATEST = Duration.ofDays(90);

    /**
     * Lets an instance back in that was cut off for longer than its certificate holds; what it has counted meanwhile must
     * not be lost. The new certificate is for the same key; the instance renews it with another key in its time.
     *
     * @param origin network address of the caller
     * @throws InstanceException.EdgeUnauthenticated if the certificate is not the newest of an instance that may dial in or
     *     whose last registers are taken, was revoked while it may dial in, was not issued here, or has been over for more than {@link #LATEST}
     * @throws InstanceException.RenewalTooEarly if it is not over
     * @throws InstanceException.CsrRefused if the signing request does not hold, or is for another key
     */
    CertificateRenewal.Response renewLate(CertificateRenewal.LateRequest request, String origin);
}
