package io.garrison.instances;

import java.util.UUID;

/** Identity of a stack. */
public record StackId(UUID value) {

    @Override
    public String toString() {
        return value.toString();
    }
}
