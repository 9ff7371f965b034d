package io.garrison.tenancy;

import java.io.Serializable;
import java.util.UUID;

/** Identity of a reseller. */
public record ResellerId(UUID value) implements Serializable {

    @Override
    public String toString() {
        return value.toString();
    }
}
