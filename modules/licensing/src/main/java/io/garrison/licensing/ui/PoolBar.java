package io.garrison.licensing.ui;

import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Span;
import io.garrison.licensing.LicensePool.Count;
import io.garrison.licensing.Metric;
import java.util.ArrayList;
import java.util.List;

/** How much of one metric of a licence is allocated, what is free, and what a change would leave. */
final class PoolBar extends Div {
    private static final long serialVersionUID = 1L;

    private final Span taken = new Span();
    private final Span free = new Span();
    private final LimitBar bar = new LimitBar();
    private boolean fits = true;

    PoolBar() {
        addClassName("pool-bar");
        var words = new Div(taken, free);
        words.addClassName("words");
        words.getElement().setAttribute("aria-live", "polite");
        add(words, bar);
    }

    /** As it is, under its name. */
    static PoolBar of(Count count) {
        var bar = new PoolBar();
        var name = new Span(LicenseWords.name(count.metric()));
        name.addClassName("name");
        bar.addComponentAsFirst(name);
        bar.free.addClassName("figure");
        bar.show(count, count.allocated());
        return bar;
    }

    /** @param after what would be allocated then */
    void show(Count now, long after) {
        long capacity = now.capacity();
        fits = after <= capacity || after <= now.allocated();
        taken.setText(LicenseWords.of(now.metric(), now.allocated(), capacity) + " allocated" + factor(now));
        free.setText(words(now, after));
        free.setClassName("bad-text", !fits || (after == now.allocated() && now.free() < 0));
        bar.show(
                Math.max(capacity, Math.max(now.allocated(), after)),
                parts(capacity, now.allocated(), after),
                capacity == now.limit()
                        ? List.of((double) capacity)
                        : List.of((double) capacity, (double) now.limit()));
    }

    boolean fits() {
        return fits;
    }

    /** What stands beside the bar about what is free. */
    String told() {
        return free.getText();
    }

    /** Says so where it may be given away more than once. */
    private static String factor(Count now) {
        return now.capacity() == now.limit()
                ? ""
                : ", which is %s × %s".formatted(LicenseWords.quantity(now.metric(), now.limit()), now.overcommit());
    }

    private static String words(Count now, long after) {
        Metric metric = now.metric();
        long left = now.capacity() - after;
        if (after == now.allocated()) {
            return left < 0
                    ? LicenseWords.quantity(metric, -left) + " over the limit"
                    : LicenseWords.quantity(metric, left) + " free";
        } else if (left >= 0) {
            return "%s free after this".formatted(LicenseWords.quantity(metric, left));
        }
        return after > now.allocated()
                ? LicenseWords.quantity(metric, -left) + " more than is free"
                : LicenseWords.quantity(metric, -left) + " over the limit after this";
    }

    private static List<LimitBar.Part> parts(long limit, long allocated, long after) {
        var parts = new ArrayList<LimitBar.Part>();
        long kept = Math.min(allocated, after);
        long most = Math.max(allocated, after);
        parts.add(new LimitBar.Part("held", Math.min(kept, limit)));
        parts.add(new LimitBar.Part("over", Math.max(0, kept - limit)));
        if (after < allocated) {
            parts.add(new LimitBar.Part("back", allocated - after));
        } else {
            long within = Math.max(0, Math.min(most, limit) - kept);
            parts.add(new LimitBar.Part("asked", within));
            parts.add(new LimitBar.Part("over", most - kept - within));
        }
        return parts;
    }
}
