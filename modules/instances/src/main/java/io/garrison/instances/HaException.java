package io.garrison.instances;

import io.garrison.tenancy.Refusal;
import java.util.List;

/** The ways in which high availability refuses what is asked of it. Nothing is changed then. */
public abstract sealed class HaException extends Refusal {
    private static final long serialVersionUID = 1L;

    private HaException(Kind kind, String code, String message, List<FieldError> errors) {
        super(kind, code, message, errors);
    }

    /** The values break rules, all of which are told. */
    public static final class Invalid extends HaException {
        private static final long serialVersionUID = 1L;

        public Invalid(List<FieldError> errors) {
            super(
                    Kind.RULE_BROKEN,
                    "ha.invalid",
                    "The high availability settings have %d errors. Nothing was changed.".formatted(errors.size()),
                    errors);
        }
    }

    /** In a network somebody has a number or an address already. Whoever that is, the answer is the same. */
    public static final class Taken extends HaException {
        private static final long serialVersionUID = 1L;

        public Taken(List<FieldError> errors) {
            super(
                    Kind.CONFLICT,
                    "ha.taken",
                    "A virtual router's number or address is taken in its network. Choose another, or, if it is another"
                            + " network, give that its own name.",
                    errors);
        }
    }

    /** There would be two instances that hold the addresses by right. */
    public static final class TwoPrimaries extends HaException {
        private static final long serialVersionUID = 1L;

        public TwoPrimaries() {
            super(
                    Kind.CONFLICT,
                    "ha.two-primaries",
                    "Another instance of the stack is the primary. Say \"takePrimary\": true to make this one it instead.",
                    List.of(new FieldError("/primary", "ha.two-primaries", "another instance is the primary", true)));
        }
    }

    /** There would be none. */
    public static final class NoPrimary extends HaException {
        private static final long serialVersionUID = 1L;

        public NoPrimary() {
            super(
                    Kind.CONFLICT,
                    "ha.no-primary",
                    "In the mode ACTIVE_PASSIVE one instance is the primary. Make another one it instead, with"
                            + " \"takePrimary\": true there, or change all sides at once in the stack's resource, …/ha.",
                    List.of(new FieldError("/primary", "ha.no-primary", "no instance would be the primary", false)));
        }
    }

    /** It takes no part, so nothing can be set for it. */
    public static final class Quarantined extends HaException {
        private static final long serialVersionUID = 1L;

        public Quarantined() {
            super(
                    Kind.CONFLICT,
                    "ha.instance-quarantined",
                    "The instance is quarantined, and takes no part in the high availability of its stack. Let it enrol again"
                            + " first.",
                    List.of());
        }
    }

    /** A failover can't be rehearsed now. */
    public static final class DrillRefused extends HaException {
        private static final long serialVersionUID = 1L;

        public DrillRefused(String code, String message) {
            super(Kind.CONFLICT, code, message, List.of());
        }
    }
}
