package io.garrison.instances;

import io.garrison.tenancy.Refusal;
import java.util.List;

/** The ways in which an operation on stacks, policies or instances can be refused. */
public abstract sealed class InstanceException extends Refusal {
    private static final long serialVersionUID = 1L;

    private InstanceException(Kind kind, String code, String message) {
        super(kind, code, message);
    }

    private InstanceException(Kind kind, String code, String message, List<FieldError> errors) {
        super(kind, code, message, errors);
    }

    /** There is no such thing for this caller, whether or not it exists for another. */
    public static final class NotFound extends InstanceException {
        private static final long serialVersionUID = 1L;

        public NotFound() {
            super(Kind.NOT_FOUND, "not-found", "There is nothing here, or it is not yours to see.");
        }
    }

    /** A name is used by another thing of the same kind. */
    public static final class NameTaken extends InstanceException {
        private static final long serialVersionUID = 1L;

        /** @param kind {@code stack} or {@code certificate} */
        public NameTaken(String kind, String name) {
            super(
                    Kind.CONFLICT,
                    kind + ".name-taken",
                    "There is a %s of the name %s. Choose another name.".formatted(kind, name),
                    List.of(new FieldError("/name", kind + ".name-taken", "is used already", name)));
        }
    }

    /** The request can be read, and breaks rules. */
    public static final class Invalid extends InstanceException {
        private static final long serialVersionUID = 1L;

        public Invalid(String code, List<FieldError> errors) {
            super(Kind.RULE_BROKEN, code, "The request breaks a rule; see the errors.", errors);
        }

        public Invalid(String code, String field, String message) {
            this(code, List.of(new FieldError(field, code, message)));
        }
    }

    /** The instance would keep addresses that its peers take too, as soon as they are told that it is out. */
    public static final class HoldsAddresses extends InstanceException {
        private static final long serialVersionUID = 1L;

        public HoldsAddresses(List<String> routers) {
            super(
                    Kind.CONFLICT,
                    "instance.holds-addresses",
                    "The instance holds the addresses of %s. Drain it first, so that a peer takes them. With force=true it"
                                    .formatted(String.join(", ", routers))
                            + " gives them up when it hears that it is taken out; until then, or until the machine is off, they"
                            + " may be there twice.");
        }
    }

    public static final class StackInUse extends InstanceException {
        private static final long serialVersionUID = 1L;

        public StackInUse(int instances) {
            super(
                    Kind.CONFLICT,
                    "stack.in-use",
                    "The stack has %d instances. Decommission them before you delete it.".formatted(instances));
        }
    }

    /** The body is no policy document. */
    public static final class PolicyMalformed extends InstanceException {
        private static final long serialVersionUID = 1L;

        public PolicyMalformed(FieldError error) {
            super(Kind.MALFORMED, "policy.malformed", "This is not a policy document; see the error.", List.of(error));
        }
    }

    public static final class PolicyInvalid extends InstanceException {
        private static final long serialVersionUID = 1L;

        public PolicyInvalid(List<FieldError> errors) {
            super(
                    Kind.RULE_BROKEN,
                    "policy.invalid",
                    "The policy has %d errors. Nothing was published.".formatted(errors.size()),
                    errors);
        }
    }

    public static final class PolicyUnchanged extends InstanceException {
        private static final long serialVersionUID = 1L;

        public PolicyUnchanged(long revision) {
            super(
                    Kind.CONFLICT,
                    "policy.unchanged",
                    "Revision %d holds exactly this. There is nothing to publish.".formatted(revision));
        }
    }

    public static final class CertificateInUse extends InstanceException {
        private static final long serialVersionUID = 1L;

        public CertificateInUse(String name, String user) {
            super(
                    Kind.CONFLICT,
                    "certificate.in-use",
                    "The %s names the certificate %s. Take it out there first.".formatted(user, name));
        }
    }

    public static final class IllegalTransition extends InstanceException {
        private static final long serialVersionUID = 1L;

        public IllegalTransition(LifecycleState state, String advice) {
            super(
                    Kind.CONFLICT,
                    "instance.illegal-transition",
                    "The instance is %s, which does not allow this. %s".formatted(state, advice));
        }
    }

    /** One answer for an unknown, spent, expired, revoked and foreign token, so that none can be told from another. */
    public static final class EnrollmentRefused extends InstanceException {
        private static final long serialVersionUID = 1L;

        public EnrollmentRefused() {
            super(Kind.UNAUTHENTICATED, "enrollment.refused", "The enrolment token is not usable. Ask for a new one.");
        }
    }

    /** The certificate signing request does not hold. */
    public static final class CsrRefused extends InstanceException {
        private static final long serialVersionUID = 1L;

        public CsrRefused(String reason) {
            super(
                    Kind.RULE_BROKEN,
                    "enrollment.csr-refused",
                    "The certificate signing request was refused: " + reason,
                    List.of(new FieldError("/csr", "enrollment.csr-refused", reason)));
        }
    }

    public static final class RenewalTooEarly extends InstanceException {
        private static final long serialVersionUID = 1L;

        public RenewalTooEarly(java.time.Instant from) {
            super(
                    Kind.CONFLICT,
                    "certificate.renewal-too-early",
                    "The certificate can be renewed from %s on.".formatted(from));
        }
    }

    /** No certificate of an instance, or one that is expired, revoked or of an instance that may not dial in. */
    public static final class EdgeUnauthenticated extends InstanceException {
        private static final long serialVersionUID = 1L;

        public EdgeUnauthenticated() {
            super(
                    Kind.UNAUTHENTICATED,
                    "edge.unauthenticated",
                    "Present the certificate of an instance that is enrolled and not revoked.");
        }

        private EdgeUnauthenticated(String code, String message) {
            super(Kind.UNAUTHENTICATED, code, message);
        }

        /** A person decided that; an instance that hears it leaves the addresses that it shares to the others. */
        public static EdgeUnauthenticated shutOut() {
            return new EdgeUnauthenticated(
                    "edge.shut-out", "This instance was quarantined or decommissioned. To return it must enrol again.");
        }
    }

    /** What an edge sent can't be read or is beyond a limit. */
    public static final class EdgeMessageRefused extends InstanceException {
        private static final long serialVersionUID = 1L;

        public EdgeMessageRefused(String code, String reason) {
            super(Kind.MALFORMED, code, reason);
        }
    }

    /** The instance did not sign this receipt. Nothing was changed. */
    public static final class ReceiptRefused extends InstanceException {
        private static final long serialVersionUID = 1L;

        public ReceiptRefused(String code, String reason) {
            super(Kind.RULE_BROKEN, code, reason);
        }
    }

    /** There is nothing that a balancer in front of the stack could send clients to. */
    public static final class NoBalancer extends InstanceException {
        private static final long serialVersionUID = 1L;

        public NoBalancer(String code, String reason) {
            super(Kind.CONFLICT, code, reason);
        }
    }

    /** Configuration cannot be moved so. Nothing was changed. */
    public static final class MoveRefused extends InstanceException {
        private static final long serialVersionUID = 1L;

        public MoveRefused(String code, String reason) {
            super(Kind.RULE_BROKEN, code, reason);
        }
    }

    /** Two installations that keep one configuration cannot do this now. */
    public static final class SyncRefused extends InstanceException {
        private static final long serialVersionUID = 1L;

        public SyncRefused(String code, String message) {
            super(Kind.CONFLICT, code, message);
        }
    }

    /** What only management has that runs on the machine of its one edge. */
    public static final class StandaloneOnly extends InstanceException {
        private static final long serialVersionUID = 1L;

        public StandaloneOnly() {
            super(
                    Kind.NOT_FOUND,
                    "sync.standalone-only",
                    "Only an installation in mode standalone keeps its configuration the same as that of a peer.");
        }
    }

    public static final class TooManyRequests extends InstanceException {
        private static final long serialVersionUID = 1L;

        private final long retryAfterSeconds;

        public TooManyRequests(String what, long retryAfterSeconds) {
            super(
                    Kind.TOO_MANY,
                    "rate-limited",
                    "Too many %s. Try again in %d seconds.".formatted(what, retryAfterSeconds));
            this.retryAfterSeconds = retryAfterSeconds;
        }

        public long retryAfterSeconds() {
            return retryAfterSeconds;
        }
    }
}
