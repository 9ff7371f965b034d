package io.garrison.instances.peer;

import org.jspecify.annotations.Nullable;

/** What is to be done about one stack at two installations, seen from one of them. */
public enum ThreeWay {
    SAME,
    /** Only what is here has changed. */
    PUSH,
    /** Only what is there has changed. */
    PULL,
    /** Both have changed, or one has lost or never had what the other takes for common: a person decides. */
    CONFLICT;

    /**
     * @param mine what is published here; absent if nothing is
     * @param theirs what is published there; absent if nothing is
     * @param base what this side takes for the last that both had in common; absent if they never had anything
     * @param theirBase what that side takes for it: another, where it was replaced, or restored from a copy
     */
    public static ThreeWay of(
            @Nullable Fingerprint mine,
            @Nullable Fingerprint theirs,
            @Nullable Fingerprint base,
            @Nullable Fingerprint theirBase) {
        var way = of(mine, theirs, base);
        // Where nothing is, nor ever was, nothing can be overwritten.
        boolean empty = mine == null && base == null;
        return way == SAME || empty || Fingerprint.same(base, theirBase) ? way : CONFLICT;
    }

    private static ThreeWay of(@Nullable Fingerprint mine, @Nullable Fingerprint theirs, @Nullable Fingerprint base) {
        if (Fingerprint.same(mine, theirs)) {
            return SAME;
        }
        boolean changedHere = !Fingerprint.same(mine, base);
        boolean changedThere = !Fingerprint.same(theirs, base);
        if (changedHere == changedThere) {
            return CONFLICT;
        }
        if (changedHere) {
            return mine == null ? CONFLICT : PUSH;
        }
        return theirs == null ? CONFLICT : PULL;
    }

    /** The same, seen from the other installation. */
    public ThreeWay fromThere() {
        return switch (this) {
            case SAME, CONFLICT -> this;
            case PUSH -> PULL;
            case PULL -> PUSH;
        };
    }
}
