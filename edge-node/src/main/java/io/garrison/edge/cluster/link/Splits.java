package io.garrison.edge.cluster.link;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jgroups.Address;
import org.jgroups.MergeView;
import org.jgroups.View;

/**
 * Tells a group that was in parts from one that only came together late: parts come from members that had been together
 * before. An address belongs to one process, so whoever restarted in between was not. Belongs to one thread but for the
 * count.
 */
final class Splits {

    private static final int REMEMBERED = 256;

    private final Set<Address> together = Collections.newSetFromMap(new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Address, Boolean> eldest) {
            return size() > REMEMBERED;
        }
    });

    private volatile long count;

    long count() {
        return count;
    }

    /** Whether this ends a split; to be asked before the view is {@link #seen}. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // written by one thread
    boolean heals(MergeView merge) {
        long parts = merge.getSubgroups().stream()
                .filter(part -> part.getMembers().stream().anyMatch(together::contains))
                .count();
        if (parts < 2) {
            return false;
        }
        count++;
        return true;
    }

    void seen(View view) {
        if (view.getMembers().size() > 1) {
            together.addAll(view.getMembers());
        }
    }
}
