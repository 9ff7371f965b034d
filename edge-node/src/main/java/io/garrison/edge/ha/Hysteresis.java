package io.garrison.edge.ha;

/**
 * Something that counts as bad after a number of bad looks in a row, and as good again when it was good without a break
 * for a while. Times are those of one clock, ms.
 */
final class Hysteresis {

    private boolean bad;
    private int badLooks;
    private long goodSince = -1;

    /** @return whether it counts as bad now */
    boolean look(boolean good, long now, int badLooksNeeded, long goodMs) {
        if (!good) {
            goodSince = -1;
            bad |= ++badLooks >= badLooksNeeded;
            return bad;
        }
        badLooks = 0;
        if (goodSince < 0) {
            goodSince = now;
        }
        if (bad && now - goodSince >= goodMs) {
            bad = false;
        }
        return bad;
    }

    /** Known from elsewhere to be bad. */
    void fail() {
        bad = true;
        goodSince = -1;
    }
}
