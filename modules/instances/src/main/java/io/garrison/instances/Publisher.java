package io.garrison.instances;

import io.garrison.instances.PolicyManagement.RevisionSummary;
import io.garrison.instances.policy.PolicyRules;
import io.garrison.licensing.Consumption;
import io.garrison.licensing.Metric;
import io.garrison.licensing.SubLicenses;
import io.garrison.protocol.BundleSigning;
import io.garrison.protocol.Policy;
import io.garrison.protocol.PolicyBundle;
import io.garrison.protocol.PolicyBundle.CertificateReference;
import io.garrison.protocol.PolicyLimits;
import io.garrison.protocol.ProtocolJson;
import io.garrison.protocol.SignedBundle;
import io.garrison.protocol.VirtualService;
import io.garrison.tenancy.Actor;
import io.garrison.tenancy.CurrentTenant;
import io.garrison.tenancy.Refusal.FieldError;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Makes a signed revision of a policy. Works in the caller's transaction, on a stack that the caller has locked. */
@Component
class Publisher {

    private final Stacks stacks;
    private final Revisions revisions;
    private final Certificates certificates;
    private final SubLicenses subLicenses;
    private final Surroundings around;

    Publisher(
            Stacks stacks,
            Revisions revisions,
            Certificates certificates,
            SubLicenses subLicenses,
            Surroundings around) {
        this.stacks = stacks;
        this.revisions = revisions;
        this.certificates = certificates;
        this.subLicenses = subLicenses;
        this.around = around;
    }

    /** What a revision needs beside the database. */
    @Component
    record Surroundings(
            InstallationKeys keys, EdgeSettings settings, EdgeNews news, Consumption consumption, SyncBell sync) {}

    /** Every error of the document itself. */
    List<FieldError> check(StackId stack, Policy policy) {
        var names = certificates.references(stack).stream()
                .map(CertificateReference::name)
                .collect(Collectors.toSet());
        return PolicyRules.check(
                policy, new PolicyRules.Surroundings(names, around.settings().allowLoopback()));
    }

    /** The error of more virtual services than the sub-licence allows, if there are more; locks nothing. */
    List<FieldError> checkAllowance(Stacks.Row stack, Policy policy) {
        return subLicenses
                .find(stack.subLicense())
                .map(subLicense -> beyond(stack, policy, subLicense.most(Metric.VIRTUAL_SERVICES)))
                .orElse(List.of());
    }

    private List<FieldError> beyond(Stacks.Row stack, Policy policy, long limit) {
        long others = stacks.virtualServicesOfOthers(stack.subLicense(), stack.id());
        long wanted = others + policy.virtualServices().size();
        if (wanted <= limit) {
            return List.of();
        }
        return List.of(new FieldError(
                "/virtualServices",
                "policy.virtual-services-limit",
                "the sub-licence allows %d virtual services; with the %d of other stacks these are %d"
                        .formatted(limit, others, wanted)));
    }

    /**
     * @throws InstanceException.PolicyInvalid with every error
     * @throws InstanceException.PolicyUnchanged if the newest revision holds this with these certificates
     */
    RevisionSummary publish(Stacks.Row stack, Policy policy, String comment, @Nullable Long rollbackOf, Instant at) {
        // Asked even when there is an error: it is also the question whether the sub-licence allows publishing.
        long limit = subLicenses.virtualServiceLimit(stack.subLicense());
        if (rollbackOf == null && addsServices(stack, policy)) {
            subLicenses.requireInForce(stack.subLicense());
        }
        var errors = new ArrayList<>(check(stack.id(), policy));
        errors.addAll(beyond(stack, policy, limit));
        if (!errors.isEmpty()) {
            throw new InstanceException.PolicyInvalid(errors);
        }
        var sha256 = ProtocolJson.sha256(policy);
        var references = references(stack.id(), policy);
        if (sha256.equals(stack.latestSha256())
                && references.equals(revisions.certificates(stack.id(), stack.latestRevision()))) {
            throw new InstanceException.PolicyUnchanged(stack.latestRevision());
        }
        var now = at.truncatedTo(ChronoUnit.MICROS);
        long number = stack.latestRevision() + 1;
        var bundle = new PolicyBundle(
                PolicyBundle.VERSION,
                CurrentTenant.require().value(),
                stack.id().value(),
                stack.incarnation(),
                number,
                now,
                sha256,
                around.settings().allowLoopback(),
                references,
                policy);
        var key = around.keys().signingKey();
        var signed = BundleSigning.sign(bundle, key.name().keyId(), key.key());
        requireFits(signed);
        var summary = new RevisionSummary(
                number,
                stack.incarnation(),
                sha256,
                comment,
                Actor.current().name(),
                now,
                rollbackOf,
                policy.virtualServices().size());
        revisions.insert(stack.id(), summary, policy, references, signed);
        stacks.publish(stack.id(), number, sha256);
        certificates.prune(stack.id(), references);
        around.consumption()
                .tell(
                        stack.subLicense(),
                        Metric.VIRTUAL_SERVICES,
                        stacks.virtualServicesOfOthers(stack.subLicense(), stack.id())
                                + policy.virtualServices().size());
        around.news().ofStack(stack.id());
        around.sync().ringAfterCommit();
        return summary;
    }

    /** Else no instance could fetch it, and all would go on with the one before. */
    static void requireFits(SignedBundle signed) {
        int bytes = ProtocolJson.write(signed).length;
        if (bytes > PolicyLimits.BUNDLE_BYTES) {
            throw new InstanceException.PolicyInvalid(List.of(new FieldError(
                    "",
                    "policy.too-large",
                    "signed, it has %,d bytes; an instance takes at most %,d. Use networks instead of single addresses, or several stacks"
                            .formatted(bytes, PolicyLimits.BUNDLE_BYTES))));
        }
    }

    /** A virtual service is an object like others: none is made under a sub-licence that is over. */
    private boolean addsServices(Stacks.Row stack, Policy policy) {
        var published = revisions.policy(stack.id(), stack.latestRevision()).virtualServices().stream()
                .map(VirtualService::name)
                .collect(Collectors.toSet());
        return policy.virtualServices().stream().anyMatch(service -> !published.contains(service.name()));
    }

    private List<CertificateReference> references(StackId stack, Policy policy) {
        Set<String> named = policy.virtualServices().stream()
                .map(service -> service.certificate() == null ? "" : service.certificate())
                .collect(Collectors.toSet());
        return certificates.references(stack).stream()
                .filter(reference -> named.contains(reference.name()))
                .toList();
    }
}
