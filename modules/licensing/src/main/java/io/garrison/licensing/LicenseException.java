package io.garrison.licensing;

import io.garrison.tenancy.Refusal;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** The ways in which licensing can refuse. */
public abstract sealed class LicenseException extends Refusal {
    private static final long serialVersionUID = 1L;

    private LicenseException(Kind kind, String code, String message) {
        super(kind, code, message);
    }

    private LicenseException(Kind kind, String code, String message, List<FieldError> errors) {
        super(kind, code, message, errors);
    }

    /** What concerns the parts of resellers; listed in {@link AllotmentException}. */
    public abstract static sealed class OfAllotments extends LicenseException permits AllotmentException {
        private static final long serialVersionUID = 1L;

        OfAllotments(Kind kind, String code, String message, List<FieldError> errors) {
            super(kind, code, message, errors);
        }
    }

    /** What concerns files that are loaded; listed in {@link LicenseFileException}. */
    public abstract static sealed class OfFiles extends LicenseException permits LicenseFileException {
        private static final long serialVersionUID = 1L;

        OfFiles(Kind kind, String code, String message, List<FieldError> errors) {
            super(kind, code, message, errors);
        }
    }

    public static final class UnknownLicense extends LicenseException {
        private static final long serialVersionUID = 1L;

        public UnknownLicense() {
            super(Kind.NOT_FOUND, "not-found", "There is nothing here, or it is not yours to see.");
        }
    }

    public static final class UnknownSubLicense extends LicenseException {
        private static final long serialVersionUID = 1L;

        public UnknownSubLicense() {
            super(Kind.NOT_FOUND, "not-found", "There is nothing here, or it is not yours to see.");
        }
    }

    /** The sub-licence's state does not allow what was asked. */
    public static final class NotInForce extends LicenseException {
        private static final long serialVersionUID = 1L;

        public NotInForce(SubLicenseState state) {
            super(
                    Kind.CONFLICT,
                    "license.not-in-force",
                    "The sub-licence is %s, which does not allow this. Running traffic is not affected. Ask the provider for a sub-licence in force."
                            .formatted(state));
        }
    }

    /** The lines of a request for a sub-licence cannot be understood. */
    public static final class MalformedAllocation extends LicenseException {
        private static final long serialVersionUID = 1L;

        public MalformedAllocation(List<FieldError> errors) {
            super(Kind.MALFORMED, "malformed", "The entitlements cannot be understood; see the errors.", errors);
        }
    }

    /** The request for a sub-licence breaks a rule. */
    public static final class AllocationRefused extends LicenseException {
        private static final long serialVersionUID = 1L;

        public AllocationRefused(List<FieldError> errors) {
            super(
                    Kind.RULE_BROKEN,
                    "license.allocation-refused",
                    "The sub-licence cannot be made as asked; see the errors.",
                    errors);
        }
    }

    public static final class PoolExhausted extends LicenseException {
        private static final long serialVersionUID = 1L;

        public PoolExhausted(String field, Metric metric, String asked, String free) {
            super(
                    Kind.CONFLICT,
                    "license.pool-exhausted",
                    "Asked for %s of %s, but the licence pool has %s. Ask for less, or revoke a sub-licence."
                            .formatted(asked, metric.wireName(), free),
                    List.of(new FieldError(
                            field,
                            "license.pool-exhausted",
                            "%s: asked %s, free %s".formatted(metric.wireName(), asked, free),
                            asked)));
        }
    }

    public static final class AlreadyRevoked extends LicenseException {
        private static final long serialVersionUID = 1L;

        public AlreadyRevoked(Instant at) {
            super(Kind.CONFLICT, "license.already-revoked", "The sub-licence was revoked at %s.".formatted(at));
        }
    }

    /** An offline lease cannot be given for that long. */
    public static final class OfflineLeaseRefused extends LicenseException {
        private static final long serialVersionUID = 1L;

        private OfflineLeaseRefused(Kind kind, String code, String message) {
            super(kind, code, message, List.of(new FieldError("/days", code, message)));
        }

        static OfflineLeaseRefused days(int days) {
            return new OfflineLeaseRefused(
                    Kind.RULE_BROKEN,
                    "lease.days",
                    "An offline lease lasts from 1 to %d days, not %d."
                            .formatted(InstanceSeats.MAX_OFFLINE_DAYS, days));
        }

        static OfflineLeaseRefused beyond(Instant ends, long days) {
            return new OfflineLeaseRefused(
                    Kind.RULE_BROKEN,
                    "lease.beyond-grace",
                    "The sub-licence and its grace end at %s. Ask for at most %d days, or for a longer sub-licence."
                            .formatted(ends, days));
        }

        static OfflineLeaseRefused shorterThan(Instant until) {
            return new OfflineLeaseRefused(
                    Kind.CONFLICT,
                    "lease.longer-one-out",
                    "An offline lease until %s is out, which a shorter one does not end. Load its return receipt first."
                            .formatted(until));
        }
    }

    /** A return receipt that frees no seat. Nothing was changed. */
    public static final class ReceiptRefused extends LicenseException {
        private static final long serialVersionUID = 1L;

        private ReceiptRefused(String code, String message) {
            super(Kind.CONFLICT, code, message);
        }

        static ReceiptRefused twice() {
            return new ReceiptRefused(
                    "lease.already-returned",
                    "This lease came back before, and its seat was freed then. Nothing changed.");
        }

        static ReceiptRefused notNewest() {
            return new ReceiptRefused(
                    "lease.not-newest",
                    "The receipt is not for the newest offline lease of the instance. Nothing changed: return the newest.");
        }
    }

    public static final class UnknownNotice extends LicenseException {
        private static final long serialVersionUID = 1L;

        public UnknownNotice() {
            super(Kind.NOT_FOUND, "not-found", "There is nothing here, or it is not yours to see.");
        }
    }

    /** Instances run that would have no seat any more. */
    public static final class LeasesRunning extends LicenseException {
        private static final long serialVersionUID = 1L;
        private static final int SHOWN = 50;

        public LeasesRunning(List<UUID> instances) {
            super(
                    Kind.CONFLICT,
                    "license.leases-running",
                    "%d instances run that would lose their seats; see the errors. Decommission them, or ask again with ifLeasesBreak DRAIN or GRACE."
                            .formatted(instances.size()),
                    instances.stream()
                            .limit(SHOWN)
                            .map(instance -> new FieldError(
                                    "ifLeasesBreak",
                                    "license.leases-running",
                                    "instance %s runs".formatted(instance),
                                    instance.toString()))
                            .toList());
        }
    }

    /** What was asked for has been done already, or cannot be undone. */
    public static final class WrongState extends LicenseException {
        private static final long serialVersionUID = 1L;

        public WrongState(String code, String message) {
            super(Kind.CONFLICT, code, message);
        }
    }

    /** The transfer breaks a rule. */
    public static final class TransferRefused extends LicenseException {
        private static final long serialVersionUID = 1L;

        public TransferRefused(String field, String code, String message) {
            super(
                    Kind.RULE_BROKEN,
                    "license.transfer-refused",
                    "The transfer cannot be made as asked: %s %s.".formatted(field, message),
                    List.of(new FieldError(field, code, message)));
        }
    }

    /** The terms of a plan break a rule. */
    public static final class PlanRefused extends LicenseException {
        private static final long serialVersionUID = 1L;

        public PlanRefused(List<FieldError> errors) {
            super(Kind.RULE_BROKEN, "plan.refused", "The plan cannot be as asked; see the errors.", errors);
        }
    }

    public static final class PlanNameTaken extends LicenseException {
        private static final long serialVersionUID = 1L;

        public PlanNameTaken(String name) {
            super(
                    Kind.CONFLICT,
                    "plan.name-taken",
                    "There is a plan with this name already. Choose another.",
                    List.of(new FieldError("name", "taken", "is in use", name)));
        }
    }

    public static final class UnknownPlan extends LicenseException {
        private static final long serialVersionUID = 1L;

        public UnknownPlan() {
            super(Kind.NOT_FOUND, "not-found", "There is nothing here, or it is not yours to see.");
        }
    }

    public static final class UnknownTransfer extends LicenseException {
        private static final long serialVersionUID = 1L;

        public UnknownTransfer() {
            super(Kind.NOT_FOUND, "not-found", "There is nothing here, or it is not yours to see.");
        }
    }

    /** More would be used than the limit and the overage rule allow. */
    public static final class OverageRefused extends LicenseException {
        private static final long serialVersionUID = 1L;

        public OverageRefused(Metric metric, long used, long most) {
            super(
                    Kind.CONFLICT,
                    "license.limit-reached",
                    "%d of %s would be used, but the sub-licence allows %d. Use less, or resize the sub-licence."
                            .formatted(used, metric.wireName(), most));
        }
    }

    public static final class NoSeatLeft extends LicenseException {
        private static final long serialVersionUID = 1L;

        public NoSeatLeft(long limit) {
            super(
                    Kind.CONFLICT,
                    "license.no-seat-left",
                    "All %d seats of the sub-licence are taken. Decommission an instance or resize the sub-licence."
                            .formatted(limit));
        }
    }

    /** It came as a file, so only whoever issued it can change it. */
    public static final class IssuedElsewhere extends LicenseException {
        private static final long serialVersionUID = 1L;

        public IssuedElsewhere() {
            super(
                    Kind.CONFLICT,
                    "license.issued-elsewhere",
                    "The sub-licence was issued elsewhere and loaded here as a file. Have it changed where it was issued, then load the newer file.");
        }
    }
}
