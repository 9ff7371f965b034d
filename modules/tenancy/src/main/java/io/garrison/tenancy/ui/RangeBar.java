package io.garrison.tenancy.ui;

import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.select.Select;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Chooses a stretch of time: the last so-and-so long, which moves on, or a fixed one that was selected in a chart. */
public final class RangeBar extends Div {
    private static final long serialVersionUID = 1L;

    private final transient Clock clock;
    private final transient ListState state;
    private final transient Runnable changed;
    private final Select<Last> last = new Select<>();
    private final Button whole = new Button("Whole range");
    private boolean settling;

    /** Stretches to choose from. */
    public enum Last {
        MINUTES_15("Last 15 minutes", Duration.ofMinutes(15)),
        HOUR("Last hour", Duration.ofHours(1)),
        HOURS_6("Last 6 hours", Duration.ofHours(6)),
        DAY("Last 24 hours", Duration.ofDays(1)),
        WEEK("Last 7 days", Duration.ofDays(7)),
        MONTH("Last 30 days", Duration.ofDays(30));

        private final String words;
        private final Duration length;

        Last(String words, Duration length) {
            this.words = words;
            this.length = length;
        }
    }

    /** A stretch of time; {@code to} is exclusive. */
    public record Range(Instant from, Instant to) {
        public Duration length() {
            return Duration.between(from, to);
        }
    }

    public RangeBar(Clock clock, ListState state, Runnable changed) {
        this.clock = clock;
        this.state = state;
        this.changed = changed;
        addClassName("row");
        last.setAriaLabel("Time range");
        last.setItems(Last.values());
        last.setItemLabelGenerator(one -> one.words);
        last.addValueChangeListener(change -> {
            if (!settling) {
                state.put("range", change.getValue().name());
                reset();
            }
        });
        whole.addThemeVariants(ButtonVariant.TERTIARY);
        whole.addClickListener(click -> reset());
        whole.setVisible(false);
        add(whole, last);
    }

    /** Takes over what the address says. */
    public void read(Last otherwise) {
        settling = true;
        last.setValue(state.get("range", Last.class).orElse(otherwise));
        settling = false;
        whole.setVisible(isFixed());
    }

    public Instant now() {
        return clock.instant();
    }

    public Range range() {
        var from = instant("from");
        var to = instant("to");
        if (from != null && to != null && from.isBefore(to)) {
            return new Range(from, to);
        }
        var now = clock.instant();
        return new Range(now.minus(last.getValue().length), now);
    }

    /** Whether the range stays while time moves on. */
    public boolean isFixed() {
        return instant("from") != null && instant("to") != null;
    }

    /** Narrows to a stretch that was selected. */
    public void narrow(Instant from, Instant to) {
        state.put("from", from.toString());
        state.put("to", to.toString());
        whole.setVisible(true);
        changed.run();
    }

    private void reset() {
        state.put("from", "");
        state.put("to", "");
        whole.setVisible(false);
        changed.run();
    }

    private @Nullable Instant instant(String name) {
        try {
            return state.get(name).map(Instant::parse).orElse(null);
        } catch (DateTimeException e) {
            return null; // typed into the address by hand
        }
    }
}
