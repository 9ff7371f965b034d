package io.garrison.edge.cluster.link;

import io.garrison.edge.join.Identity;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/** Who an instance is, as management's authority says it in the certificate. */
record PeerName(UUID tenantId, UUID stackId, UUID instanceId) {

    private static final String ID = "([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})";
    private static final Pattern URI =
            Pattern.compile("spiffe://garrison/tenant/%1$s/stack/%1$s/instance/%1$s".formatted(ID));
    /** Of a general name (RFC 5280, 4.2.1.6): uniformResourceIdentifier. */
    private static final int URI_NAME = 6;

    static PeerName of(Identity identity) {
        return new PeerName(identity.tenantId(), identity.stackId(), identity.instanceId());
    }

    /** @return nothing if the certificate is not an instance's, or names more than one */
    static Optional<PeerName> of(X509Certificate certificate) {
        var names = new ArrayList<PeerName>();
        try {
            var all = certificate.getSubjectAlternativeNames();
            for (var name : all == null ? List.<List<?>>of() : all) {
                if (name.get(0).equals(URI_NAME)) {
                    var matcher = URI.matcher(String.valueOf(name.get(1)));
                    if (!matcher.matches()) {
                        return Optional.empty();
                    }
                    names.add(new PeerName(
                            UUID.fromString(matcher.group(1)),
                            UUID.fromString(matcher.group(2)),
                            UUID.fromString(matcher.group(3))));
                }
            }
        } catch (CertificateParsingException e) {
            return Optional.empty();
        }
        return names.size() == 1 ? Optional.of(names.getFirst()) : Optional.empty();
    }

    boolean isPeerOf(PeerName other) {
        return tenantId.equals(other.tenantId) && stackId.equals(other.stackId) && !instanceId.equals(other.instanceId);
    }
}
