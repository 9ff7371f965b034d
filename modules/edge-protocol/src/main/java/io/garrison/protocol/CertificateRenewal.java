package io.garrison.protocol;

/** {@code POST /edge/v1/certificate}. */
public final class CertificateRenewal {

    private CertificateRenewal() {}

    /** @param csr PKCS#10 in PEM */
    public record Request(String csr) {}

    /** @param certificateChain PEM, leaf first */
    public record Response(String certificateChain, String trustAnchors) {}
}
