package io.garrison.protocol;

import org.jspecify.annotations.Nullable;

/** {@code POST /edge/v1/certificate}, and {@code POST /edge/v1/late-certificate} for those whose certificate is over. */
public final class CertificateRenewal {

    private CertificateRenewal() {}

    /** @param csr PKCS#10 in PEM */
    public record Request(String csr) {}

    /**
     * Without a client certificate, because it would not be taken any more.
     *
     * @param certificate PEM of the one that is over
     * @param csr PKCS#10 in PEM, for the same key: it proves that the sender holds it
     */
    public record LateRequest(String certificate, String csr) {}

    /**
     * @param certificateChain PEM, leaf first
     * @param leaseTrust keys by which the instance verifies its leases from now on
     * @param stackCredential for the new key; absent from a management that issues none
     */
    public record Response(
            String certificateChain,
            String trustAnchors,
            @Nullable LeaseTrust leaseTrust,
            @Nullable StackCredential stackCredential) {}
}
