package io.garrison.licensing;

import io.garrison.licensing.LicenseException.NotInForce;
import io.garrison.licensing.LicenseException.UnknownSubLicense;
import java.util.Optional;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

@Service
class SubLicenseGate implements SubLicenses {

    private static final int MOST = 500;

    private final SubLicenseRecords records;
    private final SubLicenseChanges changes;
    private final Installation installation;

    SubLicenseGate(SubLicenseRecords records, SubLicenseChanges changes, Installation installation) {
        this.changes = changes;
        this.records = records;
        this.installation = installation;
    }

    @Override
    @Transactional(readOnly = true)
    public Optional<SubLicenseSummary> find(SubLicenseId id) {
        return records.find(id).map(stored -> stored.at(installation.now()));
    }

    @Override
    @Transactional(readOnly = true)
    public Optional<SubLicenseSummary> firstInForce() {
        var now = installation.now();
        return records.page(null, MOST).stream()
                .map(stored -> stored.at(now))
                .filter(found -> found.state().isInForce())
                .findFirst();
    }

    @Override
    @Transactional(readOnly = true)
    public SubLicenseSummary requireInForce(SubLicenseId id) {
        var found = find(id).orElseThrow(UnknownSubLicense::new);
        if (!found.state().isInForce()) {
            throw new NotInForce(found.state());
        }
        return found;
    }

    @Override
    @Transactional(readOnly = true)
    public void requireChangeable(SubLicenseId id) {
        var found = find(id).orElseThrow(UnknownSubLicense::new);
        if (!found.state().allowsPublishing()) {
            throw new NotInForce(found.state());
        }
    }

    @Override
    @Transactional(propagation = Propagation.MANDATORY)
    public long virtualServiceLimit(SubLicenseId id) {
        var seen = records.find(id).orElseThrow(UnknownSubLicense::new);
        if (seen.overages().of(Metric.VIRTUAL_SERVICES).policy() != Overage.Policy.DENY) {
            changes.lockIfHere(
                    seen.licenseId()); // before its sub-licence: what goes beyond the limit comes out of the pool
        }
        var found = records.lock(id).orElseThrow(UnknownSubLicense::new);
        var state = found.stateAt(installation.now());
        if (!state.allowsPublishing()) {
            throw new NotInForce(state);
        }
        return found.most(Metric.VIRTUAL_SERVICES);
    }
}
