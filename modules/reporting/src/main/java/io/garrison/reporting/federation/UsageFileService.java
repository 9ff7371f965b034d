package io.garrison.reporting.federation;

import io.garrison.instances.SiteAdmission;
import io.garrison.instances.SiteAdmission.FileSender;
import io.garrison.protocol.SiteUsageFile;
import io.garrison.protocol.UntrustedLeaseException;
import io.garrison.reporting.ReportingException.UsageRefused;
import io.garrison.reporting.UsageFiles;
import io.garrison.tenancy.AuditTrail;
import io.garrison.tenancy.Permission;
import io.garrison.tenancy.Refusal;
import io.garrison.tenancy.Requires;
import java.util.Map;
import org.springframework.stereotype.Service;

@Service
class UsageFileService implements UsageFiles {

    private final SiteAdmission sites;
    private final SiteIntake intake;
    private final AuditTrail audit;

    UsageFileService(SiteAdmission sites, SiteIntake intake, AuditTrail audit) {
        this.sites = sites;
        this.intake = intake;
        this.audit = audit;
    }

    @Override
    @Requires(Permission.USAGE_FLUSH)
    public Loaded load(byte[] file) {
        var signed = signed(file);
        var said = signed.statement();
        if (SiteIntake.parse(signed.batch()).number() != said.number()) {
            throw UsageRefused.malformed("it is signed for another number");
        }
        var sender = new FileSender(said.installation(), said.mode(), said.version(), said.subLicense(), signed.key());
        var recognized = sites.recognize(sender);
        var site = recognized.site();
        try {
            var taken = intake.take(
                    site,
                    signed.batch(),
                    news -> audit.record(
                            "usage.file-loaded",
                            "site",
                            site.siteId().toString(),
                            Map.of("number", news.number(), "sha256", said.sha256(), "newRows", news.newRows())));
            sites.usageTaken(site);
            return new Loaded(site, taken);
        } catch (Refusal e) {
            if (recognized.isNew()) {
                sites.forget(site);
            }
            throw e;
        }
    }

    private static SiteUsageFile.Signed signed(byte[] file) {
        try {
            return SiteUsageFile.read(file);
        } catch (UntrustedLeaseException e) {
            if (e.code().equals("lease.signature-invalid") || e.code().equals("lease.algorithm-refused")) {
                throw UsageRefused.changed(e.reason());
            }
            throw UsageRefused.malformed(e.reason());
        }
    }
}
