package io.garrison.reporting.federation;

import io.garrison.instances.SiteException.NoSite;
import io.garrison.instances.SiteSigner;
import io.garrison.reporting.ReportingException.UsageRefused;
import io.garrison.reporting.UsageExports;
import io.garrison.tenancy.DeploymentRules;
import io.garrison.tenancy.Permission;
import io.garrison.tenancy.Requires;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Service;

@Service
class UsageExportService implements UsageExports {

    private final Outbox outbox;
    private final SiteSigner signer;
    private final DeploymentRules rules;

    UsageExportService(Outbox outbox, SiteSigner signer, DeploymentRules rules) {
        this.outbox = outbox;
        this.signer = signer;
        this.rules = rules;
    }

    @Override
    @Requires(Permission.USAGE_FLUSH)
    public Optional<Export> next() {
        if (rules.manySubLicenses()) {
            throw new NoSite();
        }
        return outbox.makeNext();
    }

    @Override
    @Requires(Permission.USAGE_VIEW)
    public List<Export> list(long before, int limit) {
        return outbox.exports(before, limit);
    }

    @Override
    @Requires(Permission.USAGE_VIEW)
    public byte[] file(long number) {
        var batch = outbox.batch(number).orElseThrow(UsageRefused::noSuchFile);
        return signer.file(batch.number(), batch.bytes());
    }
}
