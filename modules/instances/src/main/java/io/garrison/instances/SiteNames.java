package io.garrison.instances;

import io.garrison.licensing.SubLicenseId;
import io.garrison.tenancy.TenantId;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/** How certificates call sites. No name of an instance has this form, and no name of a site has theirs. */
final class SiteNames {

    private static final int SAN_URI = 6;
    private static final String UUID_TEXT = "([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})";
    private static final Pattern NAME =
            Pattern.compile("spiffe://garrison/tenant/%1$s/sub-license/%1$s/site/%1$s".formatted(UUID_TEXT));

    private SiteNames() {}

    static String nameOf(SiteIdentity site) {
        return "spiffe://garrison/tenant/%s/sub-license/%s/site/%s"
                .formatted(site.tenantId(), site.subLicenseId(), site.siteId());
    }

    /** Whom a certificate names. Says nothing about whether it was issued here. */
    static Optional<SiteIdentity> identity(X509Certificate certificate) {
        try {
            var names = certificate.getSubjectAlternativeNames();
            if (names == null) {
                return Optional.empty();
            }
            return names.stream()
                    .filter(name -> name.getFirst() instanceof Integer type && type == SAN_URI)
                    .findFirst()
                    .flatMap(name -> name.get(1) instanceof String uri ? parse(uri) : Optional.empty());
        } catch (CertificateParsingException e) {
            return Optional.empty();
        }
    }

    private static Optional<SiteIdentity> parse(String uri) {
        var match = NAME.matcher(uri);
        return match.matches()
                ? Optional.of(new SiteIdentity(
                        TenantId.parse(match.group(1)),
                        new SubLicenseId(UUID.fromString(match.group(2))),
                        UUID.fromString(match.group(3))))
                : Optional.empty();
    }
}
