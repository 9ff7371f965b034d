package io.garrison.licensing;

import java.util.UUID;

/** Identity of a plan. */
public record PlanId(UUID value) {

    @Override
    public String toString() {
        return value.toString();
    }
}
