package io.garrison.instances;

import io.garrison.instances.InstanceException.MoveRefused;
import io.garrison.instances.MovedConfiguration.MovedCertificate;
import io.garrison.instances.MovedConfiguration.MovedRevision;
import io.garrison.instances.MovedConfiguration.MovedStack;
import io.garrison.instances.PolicyManagement.RevisionSummary;
import io.garrison.instances.pki.KeyedChain;
import io.garrison.licensing.LicenseTime;
import io.garrison.licensing.SubLicenseId;
import io.garrison.protocol.PolicyBundle;
import io.garrison.protocol.ProtocolJson;
import io.garrison.protocol.SignedBundle;
import io.garrison.tenancy.Actor;
import io.garrison.tenancy.CurrentTenant;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Stacks as they leave an installation and come to one. Works in the caller's transaction. */
@Component
class MovedStacks {

    private static final int PAGE = 500;

    private final Stacks stacks;
    private final Revisions revisions;
    private final Certificates certificates;
    private final Publisher publisher;
    private final LicenseTime time;
    private final HaStore availability;

    MovedStacks(
            Stacks stacks,
            Revisions revisions,
            Certificates certificates,
            Publisher publisher,
            LicenseTime time,
            HaStore availability) {
        this.stacks = stacks;
        this.revisions = revisions;
        this.certificates = certificates;
        this.publisher = publisher;
        this.time = time;
        this.availability = availability;
    }

    static MoveRefused tooLarge() {
        return new MoveRefused(
                "move.too-large",
                "The configuration with its history does not fit into a file. Say how many of the newest revisions shall go along.");
    }

    /**
     * Every stack of the bound tenant.
     *
     * @param most revisions of each, the newest
     * @param budget characters that the revisions may have together
     * @throws MoveRefused if they have more, or if a certificate that serves was replaced and not published
     */
    List<MovedStack> all(int most, int budget) {
        var all = new ArrayList<MovedStack>();
        long left = budget;
        @Nullable StackId after = null;
        List<StackSummary> page;
        do {
            page = stacks.summaries(after, PAGE);
            for (var stack : page) {
                var history = history(stack.id(), most, left);
                left -= history.stream()
                        .mapToLong(revision -> revision.bundle().length())
                        .sum();
                all.add(leaving(stack, history));
            }
            after = page.isEmpty() ? after : page.getLast().id();
        } while (page.size() == PAGE);
        return all;
    }

    /** The oldest first. */
    private List<MovedRevision> history(StackId stack, int most, long budget) {
        var row = stacks.require(stack);
        var history = new ArrayList<MovedRevision>();
        long left = budget;
        @Nullable Long before = null;
        List<RevisionSummary> page;
        do {
            page = revisions.list(stack, row.incarnation(), before, Math.min(PAGE, most - history.size()));
            for (var revision : page) {
                var moved = leaving(stack, revision);
                left -= moved.bundle().length();
                if (left < 0) {
                    throw tooLarge();
                }
                history.add(moved);
            }
            if (!page.isEmpty()) {
                before = page.getLast().number();
            }
        } while (page.size() == PAGE && history.size() < most);
        return history.reversed();
    }

    private MovedStack leaving(StackSummary stack, List<MovedRevision> history) {
        var row = stacks.require(stack.id());
        requirePublishedCertificates(stack);
        var keys = certificates.references(stack.id()).stream()
                .map(reference -> new MovedCertificate(
                        reference.name(),
                        certificates
                                .open(stack.id(), reference.sha256())
                                .orElseThrow(() -> new IllegalStateException("a certificate without content"))))
                .toList();
        var draft = revisions.draft(stack.id()).orElseThrow(InstanceException.NotFound::new);
        return new MovedStack(
                stack.id().value(),
                stack.name(),
                stack.trafficMode(),
                row.incarnation(),
                draft.policy(),
                history,
                keys,
                availability.read(stack.id()).settings().shared().mode());
    }

    private void requirePublishedCertificates(StackSummary stack) {
        var now = certificates.references(stack.id());
        for (var serving : revisions.certificates(stack.id(), stack.latestRevision())) {
            if (!now.contains(serving)) {
                throw new MoveRefused(
                        "move.certificate-unpublished",
                        "The certificate %s of the stack %s was replaced, and not published since. Publish it before."
                                .formatted(serving.name(), stack.name()));
            }
        }
    }

    private MovedRevision leaving(StackId stack, RevisionSummary revision) {
        var signed = revisions
                .signed(stack, revision.number())
                .orElseThrow(() -> new IllegalStateException("a revision without signature"));
        return new MovedRevision(
                revision.comment(),
                revision.publishedBy(),
                revision.rollbackOf(),
                signed.keyId(),
                new String(Base64.getUrlDecoder().decode(signed.payload()), StandardCharsets.UTF_8),
                signed.signature());
    }

    /**
     * Makes a stack with all that it had, and publishes again what was published last.
     *
     * @throws MoveRefused if it is here, or does not fit together
     */
    StackSummary make(MovedStack moved, SubLicenseId subLicense) {
        if (!Names.isStackName(moved.name())) {
            throw new MoveRefused("stack.name", "The name of a stack " + Names.OF_STACK_RULE + ".");
        }
        var id = new StackId(moved.id());
        var now = time.now();
        var history = moved.revisions().stream()
                .map(revision -> new Arriving(revision, bundle(moved, revision)))
                .toList();
        long latest = 0;
        for (var arriving : history) {
            if (arriving.bundle().revision() <= latest) {
                throw notAsSigned(moved);
            }
            latest = arriving.bundle().revision();
        }
        if (!stacks.insertMoved(moved, subLicense, latest, now)) {
            throw alreadyHere(moved);
        }
        stacks.insertDraft(id, moved.draft(), now, Actor.current().name());
        moved.certificates().forEach(certificate -> take(id, certificate, now));
        history.forEach(arriving -> insert(id, arriving));
        if (latest > 0) {
            publisher.publish(
                    stacks.requireLocked(id),
                    history.getLast().bundle().policy(),
                    "Moved here: revision %d of before".formatted(latest),
                    null,
                    now);
        }
        return stacks.summary(id).orElseThrow(InstanceException.NotFound::new);
    }

    static MoveRefused alreadyHere(MovedStack stack) {
        return new MoveRefused(
                "move.stack-exists", "The stack %s is here already. Nothing was taken.".formatted(stack.name()));
    }

    private record Arriving(MovedRevision revision, PolicyBundle bundle) {}

    /** @throws MoveRefused if it is not what was signed for this stack */
    static PolicyBundle bundle(MovedStack stack, MovedRevision revision) {
        try {
            var bundle = ProtocolJson.read(revision.bundle().getBytes(StandardCharsets.UTF_8), PolicyBundle.class);
            if (CurrentTenant.require().value().equals(bundle.tenantId())
                    && stack.id().equals(bundle.stackId())
                    && stack.incarnation().equals(bundle.incarnation())
                    && revision.comment().length() <= PolicyManagement.MAX_COMMENT_LENGTH
                    && Objects.nonNull(bundle.issuedAt())
                    && Objects.nonNull(bundle.policy())
                    && ProtocolJson.sha256(bundle.policy()).equals(bundle.policySha256())) {
                return bundle;
            }
        } catch (IllegalArgumentException e) {
            // told below
        }
        throw notAsSigned(stack);
    }

    private static MoveRefused notAsSigned(MovedStack stack) {
        return new MoveRefused(
                "move.not-a-bundle", "A revision of the stack %s is not what was signed.".formatted(stack.name()));
    }

    private void take(StackId stack, MovedCertificate certificate, Instant now) {
        try {
            if (!Names.isPartName(certificate.name())) {
                throw new MoveRefused("certificate.name", "The name of a certificate " + Names.OF_PART_RULE + ".");
            }
            // It serves already, whether it is over or not.
            certificates.insert(stack, certificate.name(), KeyedChain.parse(certificate.pem(), Instant.MIN), now);
        } catch (KeyedChain.Unusable e) {
            throw new MoveRefused(e.code(), "The certificate %s: %s".formatted(certificate.name(), e.getMessage()));
        }
    }

    private void insert(StackId stack, Arriving arriving) {
        var bundle = arriving.bundle();
        var revision = arriving.revision();
        revisions.insert(
                stack,
                new RevisionSummary(
                        bundle.revision(),
                        bundle.incarnation(),
                        bundle.policySha256(),
                        revision.comment(),
                        revision.publishedBy(),
                        bundle.issuedAt(),
                        revision.rollbackOf(),
                        bundle.policy().virtualServices().size()),
                bundle.policy(),
                bundle.certificates(),
                new SignedBundle(
                        revision.keyId(),
                        Base64.getUrlEncoder()
                                .withoutPadding()
                                .encodeToString(revision.bundle().getBytes(StandardCharsets.UTF_8)),
                        revision.signature()));
    }
}
