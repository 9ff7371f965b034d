package io.garrison.licensing.file;

import java.security.PrivateKey;
import java.security.PublicKey;

/** The pair of keys with which a vendor issues licences. */
public record VendorKey(PrivateKey privateKey, PublicKey publicKey) {

    public static VendorKey generate() {
        var pair = Ed25519.generate();
        return new VendorKey(pair.getPrivate(), pair.getPublic());
    }

    /**
     * @param pem text of {@code vendor.key}: a private key and the public key that belongs to it
     * @throws IllegalArgumentException if it is something else
     */
    public static VendorKey parse(String pem) {
        return Pem.vendorKey(pem);
    }

    public String keyId() {
        return Ed25519.thumbprint(publicKey);
    }

    /** Text of {@code vendor.key}. */
    public String toPem() {
        return Pem.text(privateKey) + Pem.text(publicKey);
    }

    /** Text of {@code vendor.pub}. */
    public String publicPem() {
        return Pem.text(publicKey);
    }

    @Override
    public String toString() {
        return "VendorKey[" + keyId() + "]"; // never the private half
    }
}
