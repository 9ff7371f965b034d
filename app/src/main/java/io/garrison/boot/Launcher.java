package io.garrison.boot;

import io.garrison.tenancy.Actor;
import io.garrison.tenancy.Role;
import io.garrison.tenancy.SignedIn;
import java.util.Map;
import java.util.UUID;

/** Who starts an installation: in the application and in its audit trail a part of the system, with all rights. */
final class Launcher {

    private static final SignedIn ITSELF =
            new SignedIn(Actor.Kind.SYSTEM, new UUID(0, 0), "launcher", Role.PLATFORM_ADMIN, Map.of(), null);

    private Launcher() {}

    static <R, X extends Throwable> R call(ScopedValue.CallableOp<R, X> op) throws X {
        return SignedIn.callAs(ITSELF, null, op);
    }
}
