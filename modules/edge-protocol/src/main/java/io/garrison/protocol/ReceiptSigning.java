package io.garrison.protocol;

import io.garrison.protocol.CompactJws.Algorithm;
import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Signs return receipts with an instance's own key and reads them. A receipt is a compact JWS of type {@value #TYPE} with
 * ES256 and carries the instance's certificate ({@code x5c}, RFC 7515 section 4.1.6).
 */
public final class ReceiptSigning {

    public static final String TYPE = "garrison-lease-receipt+jwt";

    private ReceiptSigning() {}

    /**
     * A receipt that was signed with the key of the certificate. Whether the certificate is that of the instance is for the
     * reader to check; it may have expired since, because an instance without a network cannot renew it.
     */
    public record Signed(LeaseReceipt receipt, X509Certificate certificate) {}

    public static String sign(LeaseReceipt receipt, X509Certificate certificate, PrivateKey key) {
        var claims = new LinkedHashMap<String, Object>();
        claims.put("ver", 1);
        claims.put("kind", "lease-receipt");
        claims.put("jti", receipt.id().toString());
        claims.put("lease", receipt.lease().toString());
        claims.put("tenant", receipt.tenant().toString());
        claims.put("instance", receipt.instance().toString());
        claims.put("iat", receipt.returnedAt().getEpochSecond());
        try {
            var chain = List.of(Base64.getEncoder().encodeToString(certificate.getEncoded()));
            return CompactJws.sign(Algorithm.ES256, TYPE, Map.of("x5c", chain), claims, key);
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException("a certificate without encoding", e);
        }
    }

    /** @throws UntrustedLeaseException if it is no receipt or was changed */
    public static Signed read(String text) {
        var jws = CompactJws.parse(text, Algorithm.ES256, TYPE, Set.of("x5c"));
        var certificate = certificate(jws.header().texts("x5c"));
        var claims = jws.verified(Algorithm.ES256, certificate.getPublicKey());
        if (claims.number("ver") != 1) {
            throw CompactJws.malformed("this release does not know its version");
        }
        claims.exactly("kind", "lease-receipt");
        var receipt = new LeaseReceipt(
                claims.uuid("jti"),
                claims.uuid("lease"),
                claims.uuid("tenant"),
                claims.uuid("instance"),
                claims.second("iat"));
        return new Signed(receipt, certificate);
    }

    private static X509Certificate certificate(List<String> chain) {
        try {
            if (chain.size() == 1) {
                byte[] der = Base64.getDecoder().decode(chain.getFirst());
                return (X509Certificate)
                        CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
            }
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw CompactJws.malformed("it carries no certificate");
        }
        throw CompactJws.malformed("it must carry one certificate");
    }
}
