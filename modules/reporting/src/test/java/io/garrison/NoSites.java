package io.garrison;

import io.garrison.instances.SiteAdmission;
import io.garrison.instances.SiteIdentity;
import io.garrison.protocol.CertificateRenewal;
import io.garrison.protocol.SiteEnrollment;
import io.garrison.protocol.SiteReport;
import io.garrison.tenancy.TenantId;
import java.security.cert.X509Certificate;
import java.util.Set;
import java.util.UUID;

/** Knows no site; for a test to give it some. */
public class NoSites implements SiteAdmission {

    @Override
    public SiteEnrollment.Response enroll(SiteEnrollment.Request request, String origin) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Recognized recognize(FileSender sender) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void forget(SiteIdentity from) {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean isOfSite(X509Certificate certificate) {
        return false;
    }

    @Override
    public SiteIdentity admit(X509Certificate certificate) {
        throw new UnsupportedOperationException();
    }

    @Override
    public CertificateRenewal.Response renew(
            SiteIdentity from, X509Certificate current, CertificateRenewal.Request request) {
        throw new UnsupportedOperationException();
    }

    @Override
    public SiteReport.Answer report(SiteIdentity from, SiteReport report) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void usageTaken(SiteIdentity from) {}

    @Override
    public Set<UUID> bound(TenantId tenant) {
        return Set.of();
    }
}
