package io.garrison.instances;

import io.garrison.instances.policy.PolicyDifference;
import io.garrison.protocol.Policy;
import io.garrison.tenancy.Actor;
import io.garrison.tenancy.AuditTrail;
import io.garrison.tenancy.Permission;
import io.garrison.tenancy.Refusal.FieldError;
import io.garrison.tenancy.Requires;
import io.garrison.tenancy.http.EntityTag;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;
import tools.jackson.core.JacksonException;

@Service
@Transactional
class PolicyService implements PolicyManagement {

    private final Stacks stacks;
    private final Revisions revisions;
    private final Publisher publisher;
    private final AuditTrail audit;
    private final Clock clock;

    PolicyService(Stacks stacks, Revisions revisions, Publisher publisher, AuditTrail audit, Clock clock) {
        this.stacks = stacks;
        this.revisions = revisions;
        this.publisher = publisher;
        this.audit = audit;
        this.clock = clock;
    }

    @Override
    @Requires(Permission.STACK_VIEW)
    @Transactional(readOnly = true)
    public Draft draft(StackId stack) {
        known(stack);
        return draftOf(stack);
    }

    @Override
    @Requires(Permission.POLICY_EDIT)
    public Draft save(StackId stack, long seen, Policy policy) {
        stacks.requireLocked(stack);
        requireWritable(policy);
        EntityTag.check(seen, draftOf(stack).version());
        return saved(stack, policy);
    }

    private Draft saved(StackId stack, Policy policy) {
        revisions.saveDraft(stack, policy, clock.instant(), Actor.current().name());
        var draft = draftOf(stack);
        audit.record(
                "policy.draft-saved",
                "stack",
                stack.toString(),
                Map.of(
                        "version", draft.version(),
                        "virtualServices", policy.virtualServices().size(),
                        "pools", policy.pools().size()));
        return draft;
    }

    /** What came from elsewhere than the strict reader may hold text that is none. */
    private static void requireWritable(Policy policy) {
        try {
            Sql.json(policy);
        } catch (JacksonException e) {
            throw new InstanceException.PolicyMalformed(
                    new FieldError("", "policy.text", "holds text that has no UTF-8 form"));
        }
    }

    @Override
    @Requires(Permission.STACK_VIEW)
    @Transactional(readOnly = true)
    public Validation validate(StackId stack, Policy policy) {
        var row = known(stack);
        requireWritable(policy);
        var errors = new ArrayList<>(publisher.check(stack, policy));
        errors.addAll(publisher.checkAllowance(row, policy));
        return Validation.of(errors);
    }

    @Override
    @Requires(Permission.POLICY_EDIT)
    public RevisionSummary publish(StackId stack, String comment) {
        requireComment(comment);
        var row = stacks.requireLocked(stack);
        return recorded(stack, publisher.publish(row, draftOf(stack).policy(), comment, null, clock.instant()));
    }

    @Override
    @Requires(Permission.POLICY_EDIT)
    public RevisionSummary rollback(StackId stack, long revision, String comment) {
        requireComment(comment);
        var row = stacks.requireLocked(stack);
        var old = revisions.find(stack, row.incarnation(), revision).orElseThrow(InstanceException.NotFound::new);
        var published = publisher.publish(row, old.policy(), comment, revision, clock.instant());
        saved(stack, old.policy());
        return recorded(stack, published);
    }

    private RevisionSummary recorded(StackId stack, RevisionSummary published) {
        var details = new LinkedHashMap<String, @Nullable Object>();
        details.put("stackId", stack.toString());
        details.put("number", published.number());
        details.put("sha256", published.sha256());
        details.put("comment", published.comment());
        if (published.rollbackOf() != null) {
            details.put("rollbackOf", published.rollbackOf());
        }
        audit.record("policy.published", "revision", stack + "/" + published.number(), details);
        return published;
    }

    private static void requireComment(String comment) {
        if (comment.length() > MAX_COMMENT_LENGTH || comment.indexOf('\0') >= 0) {
            throw new InstanceException.Invalid(
                    "revision.comment", "/comment", "must be at most %,d characters".formatted(MAX_COMMENT_LENGTH));
        }
    }

    @Override
    @Requires(Permission.STACK_VIEW)
    @Transactional(readOnly = true)
    public List<RevisionSummary> revisions(StackId stack, @Nullable Long before, int limit) {
        return revisions.list(stack, known(stack).incarnation(), before, limit);
    }

    @Override
    @Requires(Permission.STACK_VIEW)
    @Transactional(readOnly = true)
    public Revision revision(StackId stack, long number) {
        return revisions.find(stack, known(stack).incarnation(), number).orElseThrow(InstanceException.NotFound::new);
    }

    @Override
    @Requires(Permission.STACK_VIEW)
    @Transactional(readOnly = true)
    public PolicyDiff diff(StackId stack, long from, long to) {
        return PolicyDifference.between(from, content(stack, from), to, content(stack, to));
    }

    @Override
    @Requires(Permission.STACK_VIEW)
    @Transactional(readOnly = true)
    public PolicyDiff diffOfDraft(StackId stack) {
        long latest = known(stack).latestRevision();
        return PolicyDifference.between(
                latest, content(stack, latest), latest + 1, draftOf(stack).policy());
    }

    private Policy content(StackId stack, long number) {
        return number == 0 ? emptyOf(stack) : revision(stack, number).policy();
    }

    private Policy emptyOf(StackId stack) {
        known(stack);
        return Policy.EMPTY;
    }

    private Stacks.Row known(StackId stack) {
        return stacks.require(stack);
    }

    private Draft draftOf(StackId stack) {
        return revisions.draft(stack).orElseThrow(InstanceException.NotFound::new);
    }
}
