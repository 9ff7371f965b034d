package io.garrison.protocol;

/**
 * A certificate chain and its private key, for the data plane.
 *
 * @param pem the chain, leaf first, followed by the PKCS#8 private key
 */
public record CertificateMaterial(String name, String pem) {

    @Override
    public String toString() {
        return "CertificateMaterial[name=" + name + "]";
    }
}
