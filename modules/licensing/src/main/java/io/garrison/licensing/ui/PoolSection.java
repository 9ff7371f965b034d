package io.garrison.licensing.ui;

import com.vaadin.flow.component.html.Div;
import io.garrison.licensing.LicensePool;
import org.jspecify.annotations.Nullable;

/** A licence pool, metric by metric. */
final class PoolSection extends Div {
    private static final long serialVersionUID = 1L;

    private transient @Nullable LicensePool shown;

    PoolSection() {
        addClassName("pools");
    }

    /** Leaves what is the same already as it is. */
    void show(LicensePool pool) {
        if (pool.equals(shown)) {
            return;
        }
        shown = pool;
        removeAll();
        for (var line : pool.lines()) {
            if (line instanceof LicensePool.Count count) {
                add(PoolBar.of(count));
            }
        }
    }
}
