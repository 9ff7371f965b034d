package io.garrison.instances;

import io.garrison.instances.SiteAdmission.Recognized;
import io.garrison.instances.SiteException.SiteRefused;
import io.garrison.licensing.IssuedSubLicenses.Issued;
import io.garrison.licensing.SubLicenseState;
import io.garrison.protocol.ProtocolJson;
import io.garrison.tenancy.AuditTrail;
import io.garrison.tenancy.DeploymentRules;
import java.security.PublicKey;
import java.util.Map;
import java.util.UUID;
import org.springframework.stereotype.Component;

/** Decides whether an installation and its key may be bound to the sub-licence that it shows. */
@Component
class SiteBinding {

    private final Sites sites;
    private final AuditTrail audit;

    SiteBinding(Sites sites, AuditTrail audit) {
        this.sites = sites;
        this.audit = audit;
    }

    /** @param key whose private half it holds */
    record Candidate(UUID installation, String mode, String version, PublicKey key) {}

    /**
     * The site that this is: one that is bound already, or another that has a place. Its state counts only for a new one:
     * what was used is told also when nothing more may be made. In the caller's transaction, with the tenant bound.
     */
    Recognized bind(Issued shown, Candidate candidate) {
        if (DeploymentRules.of(shown.mode()).manySubLicenses()
                || !shown.mode().name().equals(candidate.mode())) {
            throw SiteRefused.wrongMode(shown.mode().name());
        }
        sites.oneAfterTheOther(shown.id());
        var sha256 = ProtocolJson.sha256Hex(candidate.key().getEncoded());
        int bound = 0;
        for (var site : sites.ofSubLicense(shown.id())) {
            if (site.keySha256().equals(sha256)) {
                return known(shown, candidate, site);
            }
            if (site.isBound() && site.installation().equals(candidate.installation())) {
                throw SiteRefused.otherKey();
            }
            bound += site.isBound() ? 1 : 0;
        }
        if (!(shown.state().isInForce() || shown.state() == SubLicenseState.GRACE)) {
            throw SiteRefused.notNow(shown.state());
        }
        if (bound >= shown.instances()) {
            throw SiteRefused.tooMany(shown.instances());
        }
        return added(shown, candidate, sha256);
    }

    private static Recognized known(Issued shown, Candidate candidate, Sites.Row site) {
        if (!site.isBound()) {
            throw SiteRefused.unbound();
        }
        if (!site.installation().equals(candidate.installation())) {
            throw SiteRefused.otherKey();
        }
        return new Recognized(new SiteIdentity(shown.tenant(), shown.id(), site.id()), false);
    }

    private Recognized added(Issued shown, Candidate candidate, String sha256) {
        var id = UUID.randomUUID();
        sites.insert(
                id,
                shown.id(),
                candidate.installation(),
                candidate.key(),
                sha256,
                new Sites.Facts(shown.mode().name(), candidate.version(), shown.serial()));
        audit.record(
                "site.bound",
                "site",
                id.toString(),
                Map.of(
                        "subLicense", shown.id().toString(),
                        "installation", candidate.installation().toString(),
                        "mode", shown.mode().name(),
                        "keySha256", sha256));
        return new Recognized(new SiteIdentity(shown.tenant(), shown.id(), id), true);
    }

    /** In the caller's transaction, with the tenant bound. */
    void forget(SiteIdentity site) {
        sites.delete(site.siteId());
        audit.record("site.forgotten", "site", site.siteId().toString(), Map.of("why", "its first file was refused"));
    }
}
