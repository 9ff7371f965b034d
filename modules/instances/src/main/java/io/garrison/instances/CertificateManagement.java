package io.garrison.instances;

import java.time.Instant;
import java.util.List;

/** TLS certificates of a stack, with which its virtual services face clients. Private keys go in and never out. */
public interface CertificateManagement {

    /** By name, at most 500. @throws InstanceException.NotFound if the bound tenant has no such stack */
    List<CertificateSummary> list(StackId stack);

    /** @throws InstanceException.NotFound if there is none such */
    CertificateSummary get(StackId stack, String name);

    /**
     * @param name 1–63 characters, letters, digits, {@code . _ -}; unique within the stack
     * @param pem chain, leaf first, and the private key (PKCS#8, PKCS#1 or SEC 1, not encrypted), in any order
     * @throws InstanceException.Invalid if it can't be used as it is
     * @throws InstanceException.NameTaken if the stack has one of that name
     */
    CertificateSummary add(StackId stack, String name, String pem);

    /**
     * Puts another certificate under the name. Instances take it with the next revision.
     *
     * @param seen the version that the caller last saw, or -1 for any
     */
    CertificateSummary replace(StackId stack, String name, long seen, String pem);

    /** @throws InstanceException.CertificateInUse if the draft or the newest revision names it */
    void delete(StackId stack, String name, long seen);

    /**
     * @param sha256 fingerprint of the leaf, hex
     * @param hosts DNS names and addresses that it holds for
     * @param keyType such as {@code RSA 2048} or {@code EC secp256r1}
     * @param chainLength certificates, the leaf included
     * @param version for the entity tag
     */
    record CertificateSummary(
            String name,
            String subject,
            String issuer,
            List<String> hosts,
            String keyType,
            String sha256,
            Instant notBefore,
            Instant notAfter,
            int chainLength,
            Instant changedAt,
            long version) {}
}
