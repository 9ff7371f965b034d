package io.garrison.instances;

import io.garrison.protocol.Policy;
import io.garrison.tenancy.Refusal;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The policy of a stack: a draft that is edited, and revisions that are signed and never change. */
public interface PolicyManagement {

    int MAX_COMMENT_LENGTH = 1_000;

    /** @throws InstanceException.NotFound if the bound tenant has no such stack */
    Draft draft(StackId stack);

    /**
     * Stores the draft as it is, complete or not.
     *
     * @param seen the version that the caller last saw, or -1 for any
     * @throws io.garrison.tenancy.http.EntityTag.Stale if it was changed since
     */
    Draft save(StackId stack, long seen, Policy policy);

    /** Every error of a document, for this stack. */
    Validation validate(StackId stack, Policy policy);

    /**
     * Freezes the draft as the stack's next revision and signs it. Its instances learn it at once.
     *
     * @param comment what changed and why, up to 1,000 characters; may be empty
     * @throws InstanceException.PolicyInvalid with every error
     * @throws InstanceException.PolicyUnchanged if neither the document nor a certificate it names has changed
     * @throws io.garrison.licensing.LicenseException if the sub-licence does not allow publishing
     */
    RevisionSummary publish(StackId stack, String comment);

    /**
     * Publishes the content of an older revision again, as the next one; the draft becomes that content too.
     *
     * @throws InstanceException.NotFound if there is no such revision
     * @throws InstanceException.PolicyInvalid if it would not hold today: a certificate is gone, the limit is lower
     * @throws InstanceException.PolicyUnchanged if it is what the newest revision holds
     */
    RevisionSummary rollback(StackId stack, long revision, String comment);

    /**
     * Newest first.
     *
     * @param before number of the last one seen
     * @param limit at most 501
     */
    List<RevisionSummary> revisions(StackId stack, @Nullable Long before, int limit);

    /** @throws InstanceException.NotFound if there is no such revision */
    Revision revision(StackId stack, long number);

    /**
     * @param from 0 stands for the empty policy
     * @throws InstanceException.NotFound if there is no such revision
     */
    PolicyDiff diff(StackId stack, long from, long to);

    /** What publishing the draft would change. */
    PolicyDiff diffOfDraft(StackId stack);

    /** @param version for the entity tag */
    record Draft(Policy policy, long version, Instant changedAt, String changedBy) {}

    /** @param errors field (JSON pointer), stable code, message for people */
    record Validation(boolean valid, List<Refusal.FieldError> errors) {
        public static Validation of(List<Refusal.FieldError> errors) {
            return new Validation(errors.isEmpty(), List.copyOf(errors));
        }
    }

    /** @param sha256 of the RFC 8785 form of the policy, hex */
    record RevisionSummary(
            long number,
            UUID incarnation,
            String sha256,
            String comment,
            String publishedBy,
            Instant publishedAt,
            @Nullable Long rollbackOf,
            int virtualServices) {}

    record Revision(RevisionSummary summary, Policy policy) {}
}
