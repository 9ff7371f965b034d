package io.garrison.tenancy;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * On whose account something is done, for the audit trail.
 *
 * @param id account id, API key id, instance id, or the name of the part of the system
 * @param name what people call it: an e-mail address, a key's name
 * @param origin network address it came from, if it came over the network
 * @param onBehalf reason and ticket of an act-as session, if it is one
 */
public record Actor(
        Kind kind,
        String id,
        String name,
        @Nullable String origin,
        @Nullable String onBehalf) {

    private static final ScopedValue<Actor> BOUND = ScopedValue.newInstance();

    public enum Kind {
        ACCOUNT,
        API_KEY,
        EDGE,
        SYSTEM
    }

    public static Actor system(String part) {
        return new Actor(Kind.SYSTEM, part, part, null, null);
    }

    /** Who acts now; the system itself where nobody is bound. */
    public static Actor current() {
        return find().orElseGet(() -> system("garrison"));
    }

    public static Optional<Actor> find() {
        return BOUND.isBound() ? Optional.of(BOUND.get()) : Optional.empty();
    }

    public static <R, X extends Throwable> R callAs(Actor actor, ScopedValue.CallableOp<R, X> op) throws X {
        return ScopedValue.where(BOUND, actor).call(op);
    }
}
