package io.garrison.licensing;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The ways in which allotments and overcommitment are refused. */
public abstract sealed class AllotmentException extends LicenseException.OfAllotments {
    private static final long serialVersionUID = 1L;

    private AllotmentException(Kind kind, String code, String message, List<FieldError> errors) {
        super(kind, code, message, errors);
    }

    public static final class UnknownAllotment extends AllotmentException {
        private static final long serialVersionUID = 1L;

        public UnknownAllotment() {
            super(Kind.NOT_FOUND, "not-found", "There is nothing here, or it is not yours to see.", List.of());
        }
    }

    /** A reseller has one part of a licence, which can be resized. */
    public static final class AlreadyAllotted extends AllotmentException {
        private static final long serialVersionUID = 1L;

        public AlreadyAllotted() {
            super(
                    Kind.CONFLICT,
                    "allotment.exists",
                    "The reseller has an allotment of this licence already. Resize that one.",
                    List.of());
        }
    }

    /** A suspended reseller gets nothing new. */
    public static final class ResellerSuspended extends AllotmentException {
        private static final long serialVersionUID = 1L;

        public ResellerSuspended() {
            super(
                    Kind.CONFLICT,
                    "reseller.suspended",
                    "The reseller is suspended: nothing more is allotted to it or cut from what it has. Make it active first.",
                    List.of());
        }
    }

    /** A tenant of a reseller draws from what the reseller has of the licence, and that is nothing. */
    public static final class NotAllotted extends AllotmentException {
        private static final long serialVersionUID = 1L;

        public NotAllotted() {
            super(
                    Kind.CONFLICT,
                    "allotment.none",
                    "The tenant belongs to a reseller that has no allotment of this licence. Allot it a part first.",
                    List.of());
        }
    }

    /** A count does not fit what is left of an allotment. */
    public static final class Exhausted extends AllotmentException {
        private static final long serialVersionUID = 1L;

        public Exhausted(Metric metric, String asked, String free) {
            super(
                    Kind.CONFLICT,
                    "allotment.exhausted",
                    "Asked for %s of %s, but the reseller's allotment has %s. Ask for less, revoke a sub-licence, or resize the allotment."
                            .formatted(asked, metric.wireName(), free),
                    List.of(new FieldError(
                            "entitlements",
                            "allotment.exhausted",
                            "%s: asked %s, free %s".formatted(metric.wireName(), asked, free),
                            asked)));
        }
    }

    /** More has been given away than could be afterwards. */
    public static final class BelowAllocated extends AllotmentException {
        private static final long serialVersionUID = 1L;

        /** One metric of which too little would be left. */
        record Line(Metric metric, String allocated, long capacity) {}

        BelowAllocated(String field, List<Line> lines) {
            super(
                    Kind.CONFLICT,
                    "license.below-allocated",
                    "More is allocated than could be afterwards; see the errors. Revoke or shrink what hangs below first.",
                    lines.stream()
                            .map(line -> new FieldError(
                                    field,
                                    "license.below-allocated",
                                    "%s: %s allocated, %d could be"
                                            .formatted(line.metric().wireName(), line.allocated(), line.capacity()),
                                    line.capacity()))
                            .toList());
        }
    }

    /** Sub-licences hold features that are to go. */
    public static final class FeaturesInUse extends AllotmentException {
        private static final long serialVersionUID = 1L;

        public FeaturesInUse(Set<String> features) {
            super(
                    Kind.CONFLICT,
                    "allotment.features-in-use",
                    "Sub-licences that are cut from the allotment hold %s. Resize or revoke them first."
                            .formatted(String.join(", ", features)),
                    List.of(new FieldError(
                            "entitlements",
                            "allotment.features-in-use",
                            "sub-licences hold " + String.join(", ", features),
                            List.copyOf(features))));
        }
    }

    /** Something is cut from an allotment that is to go. */
    public static final class StillCut extends AllotmentException {
        private static final long serialVersionUID = 1L;

        StillCut(long subLicenses, Held held) {
            super(
                    Kind.CONFLICT,
                    "allotment.in-use",
                    "%d sub-licences are cut from the allotment: %s. Revoke them first."
                            .formatted(subLicenses, told(held)),
                    List.of());
        }

        private static String told(Held held) {
            var lines = new ArrayList<String>();
            Metric.counted()
                    .forEach(metric ->
                            lines.add("%s %s".formatted(held.of(metric).toPlainString(), metric.wireName())));
            return String.join(", ", lines);
        }
    }
}
