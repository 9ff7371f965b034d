package io.garrison.protocol;

import java.util.UUID;

/** {@code POST /edge/v1/sites}: an installation of a customer's own makes itself known to the MSSP's. */
public final class SiteEnrollment {

    private SiteEnrollment() {}

    /**
     * @param subLicense the signed file that the installation runs on
     * @param installation its id
     * @param csr PKCS#10 in PEM; its subject is ignored, its key and proof of possession count
     * @param mode in which it runs: {@code STANDALONE} or {@code CENTRALIZED}
     * @param version of its software
     */
    public record Request(String subLicense, UUID installation, String csr, String mode, String version) {}

    /**
     * @param site how the MSSP's installation calls it from now on
     * @param certificateChain PEM, leaf first
     * @param trustAnchors PEM
     */
    public record Response(UUID site, String certificateChain, String trustAnchors) {}
}
