package io.garrison.instances;

import java.util.UUID;

/** Identity of an instance. */
public record InstanceId(UUID value) {

    @Override
    public String toString() {
        return value.toString();
    }
}
