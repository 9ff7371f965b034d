package io.garrison.instances.web;

import io.garrison.instances.InstanceException.NotFound;
import io.garrison.instances.InstanceId;
import io.garrison.instances.StackId;
import java.util.UUID;

/** Ids are opaque to callers; one that we never gave names nothing. */
final class Ids {

    private Ids() {}

    static UUID uuid(String text) {
        try {
            return UUID.fromString(text);
        } catch (IllegalArgumentException e) {
            throw new NotFound();
        }
    }

    static StackId stack(String text) {
        return new StackId(uuid(text));
    }

    static InstanceId instance(String text) {
        return new InstanceId(uuid(text));
    }

    /** Number of a revision. */
    static long number(String text) {
        try {
            long number = Long.parseLong(text);
            if (number < 0) {
                throw new NotFound();
            }
            return number;
        } catch (NumberFormatException e) {
            throw new NotFound();
        }
    }
}
