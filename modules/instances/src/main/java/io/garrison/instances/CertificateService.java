package io.garrison.instances;

import io.garrison.instances.pki.KeyedChain;
import io.garrison.licensing.SubLicenses;
import io.garrison.protocol.Policy;
import io.garrison.tenancy.AuditTrail;
import io.garrison.tenancy.Permission;
import io.garrison.tenancy.Requires;
import io.garrison.tenancy.http.EntityTag;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.springframework.stereotype.Component;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

@Service
@Transactional
class CertificateService implements CertificateManagement {

    static final int MAX_PER_STACK = 500;

    private final Stacks stacks;
    private final Certificates certificates;
    private final Revisions revisions;
    private final SubLicenses subLicenses;
    private final AuditTrail audit;
    private final Clock clock;

    CertificateService(
            Stacks stacks,
            Certificates certificates,
            Revisions revisions,
            SubLicenses subLicenses,
            Recording recording) {
        this.stacks = stacks;
        this.certificates = certificates;
        this.revisions = revisions;
        this.subLicenses = subLicenses;
        this.audit = recording.audit();
        this.clock = recording.clock();
    }

    /** What a change is written down with. */
    @Component
    record Recording(AuditTrail audit, Clock clock) {}

    @Override
    @Requires(Permission.STACK_VIEW)
    @Transactional(readOnly = true)
    public List<CertificateSummary> list(StackId stack) {
        stacks.require(stack);
        return certificates.list(stack);
    }

    @Override
    @Requires(Permission.STACK_VIEW)
    @Transactional(readOnly = true)
    public CertificateSummary get(StackId stack, String name) {
        stacks.require(stack);
        return known(stack, name);
    }

    @Override
    @Requires(Permission.POLICY_EDIT)
    public CertificateSummary add(StackId stack, String name, String pem) {
        subLicenses.requireInForce(stacks.requireLocked(stack).subLicense());
        if (!Names.isPartName(name)) {
            throw new InstanceException.Invalid("certificate.name", "/name", Names.OF_PART_RULE);
        }
        if (certificates.count(stack) >= MAX_PER_STACK) {
            throw new InstanceException.Invalid(
                    "certificate.too-many", "", "a stack has at most %d certificates".formatted(MAX_PER_STACK));
        }
        certificates.insert(stack, name, parsed(pem), clock.instant());
        return recorded("certificate.added", stack, name);
    }

    @Override
    @Requires(Permission.POLICY_EDIT)
    public CertificateSummary replace(StackId stack, String name, long seen, String pem) {
        var row = stacks.requireLocked(stack);
        EntityTag.check(seen, known(stack, name).version());
        subLicenses.requireChangeable(row.subLicense());
        certificates.update(stack, name, parsed(pem), clock.instant());
        certificates.prune(stack, revisions.certificates(stack, row.latestRevision()));
        return recorded("certificate.replaced", stack, name);
    }

    @Override
    @Requires(Permission.POLICY_EDIT)
    public void delete(StackId stack, String name, long seen) {
        var row = stacks.requireLocked(stack);
        EntityTag.check(seen, known(stack, name).version());
        if (names(
                revisions
                        .draft(stack)
                        .orElseThrow(InstanceException.NotFound::new)
                        .policy(),
                name)) {
            throw new InstanceException.CertificateInUse(name, "draft of the policy");
        }
        var needed = revisions.certificates(stack, row.latestRevision());
        if (needed.stream().anyMatch(reference -> reference.name().equals(name))) {
            throw new InstanceException.CertificateInUse(name, "newest revision of the policy");
        }
        recorded("certificate.deleted", stack, name);
        certificates.delete(stack, name);
        certificates.prune(stack, needed);
    }

    private static boolean names(Policy policy, String certificate) {
        return policy.virtualServices().stream().anyMatch(service -> certificate.equals(service.certificate()));
    }

    private CertificateSummary known(StackId stack, String name) {
        return certificates.find(stack, name).orElseThrow(InstanceException.NotFound::new);
    }

    private KeyedChain parsed(String pem) {
        try {
            return KeyedChain.parse(pem, clock.instant());
        } catch (KeyedChain.Unusable e) {
            throw new InstanceException.Invalid(e.code(), "/pem", String.valueOf(e.getMessage()));
        }
    }

    private CertificateSummary recorded(String action, StackId stack, String name) {
        var certificate = known(stack, name);
        audit.record(
                action,
                "certificate",
                stack + "/" + name,
                Map.of(
                        "name", name,
                        "stackId", stack.toString(),
                        "sha256", certificate.sha256(),
                        "notAfter", certificate.notAfter().toString()));
        return certificate;
    }
}
