package io.garrison.edge.ha.keepalived;

/** A plan that this instance does not follow; the configuration that was in force stays. */
public final class PlanRefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Stable; the field of the plan comes first in each message. */
    public static final String CODE = "ha-plan-refused";

    private final String field;

    /** @param field of the plan, such as {@code routers[0].device} */
    PlanRefusedException(String field, String problem) {
        super(field + " " + problem);
        this.field = field;
    }

    public String field() {
        return field;
    }

    static void require(boolean holds, String field, String problem) {
        if (!holds) {
            throw new PlanRefusedException(field, problem);
        }
    }
}
