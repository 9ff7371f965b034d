package io.garrison.instances;

import io.garrison.instances.EdgeEnrollmentService.Issuing;
import io.garrison.instances.InstanceException.EdgeUnauthenticated;
import io.garrison.instances.SiteException.SiteRefused;
import io.garrison.instances.pki.Authority;
import io.garrison.instances.pki.SigningRequest;
import io.garrison.licensing.IssuedSubLicenses;
import io.garrison.licensing.LicenseException;
import io.garrison.protocol.CertificateRenewal;
import io.garrison.protocol.SiteEnrollment;
import io.garrison.protocol.SiteReport;
import io.garrison.tenancy.Actor;
import io.garrison.tenancy.CurrentTenant;
import io.garrison.tenancy.TenantId;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Supplier;
import org.springframework.stereotype.Service;

@Service
class SiteAdmissionService implements SiteAdmission {

    private final Sites sites;
    private final SiteBinding binding;
    private final IssuedSubLicenses issued;
    private final Issuing issuing;

    SiteAdmissionService(Sites sites, SiteBinding binding, IssuedSubLicenses issued, Issuing issuing) {
        this.sites = sites;
        this.binding = binding;
        this.issued = issued;
        this.issuing = issuing;
    }

    @Override
    public SiteEnrollment.Response enroll(SiteEnrollment.Request request, String origin) {
        var shown = recognized(request.subLicense());
        var key = signingRequest(request.csr()).key();
        var candidate = new SiteBinding.Candidate(request.installation(), request.mode(), request.version(), key);
        return as(shown, request.installation(), origin, () -> {
            var site = binding.bind(shown, candidate).site();
            return new SiteEnrollment.Response(site.siteId(), Authority.pem(issue(site, key)), anchors());
        });
    }

    @Override
    public Recognized recognize(FileSender sender) {
        var shown = recognized(sender.subLicense());
        var candidate = new SiteBinding.Candidate(sender.installation(), sender.mode(), sender.version(), sender.key());
        return as(shown, sender.installation(), null, () -> binding.bind(shown, candidate));
    }

    @Override
    public void forget(SiteIdentity site) {
        var unused = in(site, () -> {
            binding.forget(site);
            return true;
        });
    }

    private <T> T in(SiteIdentity site, Supplier<T> work) {
        return CurrentTenant.callAs(site.tenantId(), () -> issuing.inTransaction(work));
    }

    private IssuedSubLicenses.Issued recognized(String file) {
        try {
            return issued.recognize(file);
        } catch (LicenseException e) {
            throw SiteRefused.unknown();
        }
    }

    private <T> T as(
            IssuedSubLicenses.Issued shown,
            UUID installation,
            @org.jspecify.annotations.Nullable String origin,
            Supplier<T> work) {
        var name = installation.toString();
        var actor = Actor.find().orElseGet(() -> new Actor(Actor.Kind.EDGE, name, "site " + name, origin, null));
        return CurrentTenant.callAs(shown.tenant(), () -> Actor.callAs(actor, () -> issuing.inTransaction(work)));
    }

    @Override
    public boolean isOfSite(X509Certificate certificate) {
        return SiteNames.identity(certificate).isPresent();
    }

    @Override
    public SiteIdentity admit(X509Certificate certificate) {
        // A connection may outlive the certificate that opened it.
        if (!issuing.clock().instant().isBefore(certificate.getNotAfter().toInstant())) {
            throw new EdgeUnauthenticated();
        }
        var site = SiteNames.identity(certificate).orElseThrow(EdgeUnauthenticated::new);
        return CurrentTenant.callAs(
                site.tenantId(),
                () -> issuing.inTransaction(() -> {
                    var unused = issuedAt(site, certificate);
                    return site;
                }));
    }

    private Instant issuedAt(SiteIdentity site, X509Certificate certificate) {
        return sites.issuedAt(site, EdgeAdmissionService.serialOf(certificate)).orElseThrow(EdgeUnauthenticated::new);
    }

    @Override
    public CertificateRenewal.Response renew(
            SiteIdentity site, X509Certificate current, CertificateRenewal.Request request) {
        return in(site, () -> {
            var issuedAt = issuedAt(site, current);
            var from = issuedAt.plus(
                    Duration.between(issuedAt, current.getNotAfter().toInstant())
                            .multipliedBy(2)
                            .dividedBy(3));
            if (issuing.clock().instant().isBefore(from)) {
                throw new InstanceException.RenewalTooEarly(from);
            }
            var key = signingRequest(request.csr()).key();
            if (!current.getPublicKey().equals(key)) {
                throw SiteRefused.otherKey(); // the key is what is bound
            }
            return new CertificateRenewal.Response(Authority.pem(issue(site, key)), anchors(), null, null);
        });
    }

    @Override
    public SiteReport.Answer report(SiteIdentity site, SiteReport report) {
        if (report.notices().size() > SiteReport.MAX_NOTICES
                || report.instances().size() > LifecycleState.values().length
                || report.health().size() > InstanceHealth.values().length) {
            throw SiteRefused.unreadable("The report says more than it may.");
        }
        var unused = in(site, () -> {
            sites.heard(site.siteId(), told(report));
            return true;
        });
        var newer = CurrentTenant.callAs(site.tenantId(), () -> issued.newerFile(site.subLicenseId(), report.serial()))
                .orElse(null);
        return new SiteReport.Answer(issuing.clock().instant(), newer);
    }

    /** What a customer's machine says is shown to the provider's staff. */
    private static SiteReport told(SiteReport report) {
        return new SiteReport(
                Told.text(report.mode(), 16),
                Told.text(report.version(), 64),
                report.at(),
                Math.max(0, report.serial()),
                counts(report.instances()),
                counts(report.health()),
                Math.max(0, report.waiting()),
                Told.textOrNull(report.usageProblem(), 100),
                report.notices().stream().map(notice -> Told.text(notice, 500)).toList());
    }

    private static Map<String, Integer> counts(Map<String, Integer> counts) {
        var clean = new TreeMap<String, Integer>();
        counts.forEach((state, count) -> clean.put(Told.text(state, 32), Math.max(0, count)));
        return clean;
    }

    @Override
    public void usageTaken(SiteIdentity site) {
        var unused = in(site, () -> {
            sites.usageTaken(site.siteId());
            return true;
        });
    }

    @Override
    public Set<UUID> bound(TenantId tenant) {
        return issuing.inTransaction(() -> sites.bound(tenant));
    }

    private static SigningRequest signingRequest(String pem) {
        try {
            return SigningRequest.parse(pem);
        } catch (SigningRequest.Refused e) {
            throw new InstanceException.CsrRefused(String.valueOf(e.getMessage()));
        }
    }

    private X509Certificate issue(SiteIdentity site, PublicKey key) {
        var now = issuing.clock().instant();
        var certificate = issuing.keys()
                .authority()
                .issueClient(
                        key,
                        SiteNames.nameOf(site),
                        site.siteId().toString(),
                        now,
                        issuing.settings().certificateLifetime());
        sites.addCertificate(
                site.siteId(),
                EdgeAdmissionService.serialOf(certificate),
                now,
                certificate.getNotAfter().toInstant());
        return certificate;
    }

    private String anchors() {
        return Authority.pem(issuing.keys().authority().certificate());
    }
}
