package io.garrison.protocol;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * One revision of a stack's policy, as it is signed. The edge applies it only if it is addressed to the edge's own
 * tenant and stack and is newer than what the edge has applied.
 *
 * @param version of this document's form; 1
 * @param incarnation identity of the stack's revision history; revisions of different incarnations do not compare
 * @param revision position in the history, from 1, without gaps
 * @param policySha256 SHA-256, hex, of the RFC 8785 form of {@code policy}
 * @param allowLoopback whether listeners and pool members may be loopback addresses
 * @param certificates the certificates that the policy names, by content
 */
public record PolicyBundle(
        int version,
        UUID tenantId,
        UUID stackId,
        UUID incarnation,
        long revision,
        Instant issuedAt,
        String policySha256,
        boolean allowLoopback,
        List<CertificateReference> certificates,
        Policy policy) {

    public static final int VERSION = 1;

    public PolicyBundle {
        certificates = Absent.orEmpty(certificates);
    }

    /**
     * A certificate that the edge fetches by name from {@code GET /edge/v1/certificates/{name}}.
     *
     * @param sha256 SHA-256, hex, of {@link CertificateMaterial#pem()} in UTF-8
     */
    public record CertificateReference(String name, String sha256) {}
}
