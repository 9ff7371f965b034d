package io.garrison.licensing;

import java.util.UUID;

/** Identity of an allotment. */
public record AllotmentId(UUID value) {

    @Override
    public String toString() {
        return value.toString();
    }
}
