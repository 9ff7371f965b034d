package io.garrison.instances;

import io.garrison.instances.InstanceException.SyncRefused;
import io.garrison.instances.PolicyManagement.RevisionSummary;
import io.garrison.instances.SyncContents.Here;
import io.garrison.instances.peer.Peer.Certificate;
import io.garrison.instances.peer.Peer.Content;
import io.garrison.instances.pki.KeyedChain;
import io.garrison.instances.policy.PolicyReader;
import io.garrison.licensing.SubLicenses;
import io.garrison.protocol.Policy;
import io.garrison.protocol.PolicyBundle.CertificateReference;
import io.garrison.protocol.ProtocolJson;
import io.garrison.protocol.VirtualService;
import io.garrison.tenancy.Actor;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;

/**
 * Publishes what came from the peer, signed by this installation, as a revision like any other. Works in the caller's
 * transaction, which undoes all of it if a part is refused.
 */
@Component
class SyncPublication {

    private final Stacks stacks;
    private final Histories histories;
    private final Publisher publisher;
    private final SubLicenses subLicenses;
    private final CertificateService.Recording recording;

    SyncPublication(
            Stacks stacks,
            Histories histories,
            Publisher publisher,
            SubLicenses subLicenses,
            CertificateService.Recording recording) {
        this.stacks = stacks;
        this.histories = histories;
        this.publisher = publisher;
        this.subLicenses = subLicenses;
        this.recording = recording;
    }

    /** What a stack has published, and what it keeps for that. */
    @Component
    record Histories(Revisions revisions, Certificates certificates) {}

    /** Nothing else is published for the stack until the transaction ends. */
    void lock(Here here) {
        stacks.requireLocked(here.id());
    }

    /**
     * @param here absent to make the stack first
     * @param from where it comes from, for people
     * @throws io.garrison.tenancy.Refusal if it does not hold here, or the sub-licence does not allow it
     */
    RevisionSummary publish(@Nullable Here here, Content content, String from) {
        var now = recording.clock().instant();
        var policy = read(content);
        var id = here == null ? create(content, now) : here.id();
        var row = stacks.requireLocked(id);
        boolean draftIsPublished = isPublished(row);
        content.certificates().forEach(certificate -> keep(row, certificate, now));
        if (content.fingerprint().certificates() == null) {
            requirePublished(row, policy);
        }
        var published = publisher.publish(row, policy, comment(content, from), null, now);
        if (draftIsPublished) {
            // Nobody is at work on it: who edits next begins with what serves. Otherwise the draft stays as it is.
            histories.revisions().saveDraft(id, policy, now, Actor.current().name());
        }
        requireWhole(row, published, content);
        record(
                "policy.published",
                "revision",
                id + "/" + published.number(),
                Map.of(
                        "stackId", id.toString(),
                        "number", published.number(),
                        "sha256", published.sha256(),
                        "comment", published.comment(),
                        "peer", from,
                        "draftKept", !draftIsPublished));
        return published;
    }

    /** By the rules for what people send, and exactly what was announced. */
    private static Policy read(Content content) {
        try {
            var policy = PolicyReader.read(ProtocolJson.write(content.policy()));
            if (ProtocolJson.sha256(policy).equals(content.fingerprint().policy())) {
                return policy;
            }
        } catch (JacksonException | IllegalArgumentException e) {
            // Told below, like a policy that means something else to another version.
        }
        throw new SyncRefused(
                "sync.unintelligible",
                "The policy means something else to this version than to the peer's. Bring both machines to one version.");
    }

    private StackId create(Content content, Instant now) {
        if (!Names.isStackName(content.stack())) {
            throw new InstanceException.Invalid("stack.name", "/name", Names.OF_STACK_RULE);
        }
        var subLicense = subLicenses
                .firstInForce()
                .orElseThrow(() -> new SyncRefused(
                        "sync.nothing-in-force",
                        "There is no sub-licence in force here, so the stack %s is not made."
                                .formatted(content.stack())));
        var id = new StackId(UUID.randomUUID());
        stacks.insert(
                id,
                content.stack(),
                subLicense.id(),
                trafficMode(content),
                now,
                Actor.current().name());
        record(
                "stack.created",
                "stack",
                id.toString(),
                Map.of(
                        "name", content.stack(),
                        "subLicenseId", subLicense.id().toString(),
                        "trafficMode", content.trafficMode()));
        return id;
    }

    private static TrafficMode trafficMode(Content content) {
        try {
            return TrafficMode.valueOf(content.trafficMode());
        } catch (IllegalArgumentException e) {
            throw new SyncRefused(
                    "sync.unintelligible", "The peer's stack shares traffic in a way that is not known here.");
        }
    }

    private boolean isPublished(Stacks.Row row) {
        var draft = histories
                .revisions()
                .draft(row.id())
                .orElseThrow(InstanceException.NotFound::new)
                .policy();
        return row.latestRevision() == 0
                ? draft.equals(Policy.EMPTY)
                : ProtocolJson.sha256(draft).equals(row.latestSha256());
    }

    /** What somebody has put there and not published yet is not overwritten. */
    private void keep(Stacks.Row row, Certificate arriving, Instant now) {
        var certificates = histories.certificates();
        var present = certificates.references(row.id()).stream()
                .collect(Collectors.toMap(CertificateReference::name, CertificateReference::sha256))
                .get(arriving.name());
        if (arriving.sha256().equals(present)) {
            return;
        }
        if (present == null) {
            requireRoom(row, arriving.name());
            certificates.insert(row.id(), arriving.name(), chain(arriving, now), now);
        } else if (histories
                .revisions()
                .certificates(row.id(), row.latestRevision())
                .contains(new CertificateReference(arriving.name(), present))) {
            certificates.update(row.id(), arriving.name(), chain(arriving, now), now);
        } else {
            throw unpublished(arriving.name());
        }
        record(
                present == null ? "certificate.added" : "certificate.replaced",
                "certificate",
                row.id() + "/" + arriving.name(),
                Map.of("name", arriving.name(), "stackId", row.id().toString()));
    }

    /** Where certificates stay each side's own, a policy that arrives publishes none that was replaced since. */
    private void requirePublished(Stacks.Row row, Policy arriving) {
        var named = arriving.virtualServices().stream()
                .map(VirtualService::certificate)
                .filter(Objects::nonNull)
                .collect(Collectors.toSet());
        var present = histories.certificates().references(row.id());
        for (var published : histories.revisions().certificates(row.id(), row.latestRevision())) {
            if (named.contains(published.name())
                    && present.stream().anyMatch(one -> one.name().equals(published.name()))
                    && !present.contains(published)) {
                throw unpublished(published.name());
            }
        }
    }

    private static SyncRefused unpublished(String certificate) {
        return new SyncRefused(
                "sync.certificate-unpublished",
                "The certificate %s was changed here and is not published. Publish it, or delete it."
                        .formatted(certificate));
    }

    private void requireRoom(Stacks.Row row, String name) {
        if (!Names.isPartName(name)) {
            throw new InstanceException.Invalid("certificate.name", "/name", Names.OF_PART_RULE);
        }
        if (histories.certificates().count(row.id()) >= CertificateService.MAX_PER_STACK) {
            throw new InstanceException.Invalid(
                    "certificate.too-many",
                    "",
                    "a stack has at most %d certificates".formatted(CertificateService.MAX_PER_STACK));
        }
    }

    private static KeyedChain chain(Certificate arriving, Instant now) {
        var pem = arriving.pem();
        if (pem == null) {
            throw new SyncRefused(
                    "sync.certificate-missing", "The certificate %s came without its key.".formatted(arriving.name()));
        }
        try {
            return KeyedChain.parse(pem, now);
        } catch (KeyedChain.Unusable e) {
            throw new InstanceException.Invalid(
                    e.code(), "/certificates/" + arriving.name(), String.valueOf(e.getMessage()));
        }
    }

    private void requireWhole(Stacks.Row row, RevisionSummary published, Content content) {
        var announced = content.fingerprint().certificates();
        var used = histories.revisions().certificates(row.id(), published.number());
        if (announced != null && !SyncContents.digest(used).equals(announced)) {
            throw new SyncRefused(
                    "sync.certificate-missing", "The certificates that came are not those that the policy names.");
        }
    }

    private static String comment(Content content, String from) {
        var whole = "Configuration Sync from %s: %s"
                .formatted(from, content.comment())
                .strip();
        return whole.substring(0, Math.min(whole.length(), PolicyManagement.MAX_COMMENT_LENGTH));
    }

    private void record(String action, String type, String id, Map<String, Object> details) {
        recording.audit().record(action, type, id, details);
    }
}
