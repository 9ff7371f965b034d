package io.garrison.tenancy.ui;

import com.vaadin.flow.component.html.Span;

/** A state as shape, colour and word together, so that it can be read without telling colours apart. */
public final class StateBadge extends Span {
    private static final long serialVersionUID = 1L;

    private final Span shape = new Span();
    private final Span word = new Span();

    public StateBadge(Signal signal, String word) {
        addClassName("state");
        shape.getElement().setAttribute("aria-hidden", "true");
        add(shape, this.word);
        show(signal, word);
    }

    public void show(Signal signal, String text) {
        for (var other : Signal.values()) {
            setClassName(other.styleName(), other == signal);
        }
        shape.setText(signal.shape());
        word.setText(text);
    }

    /** Says more when the pointer rests on it. */
    public StateBadge because(String reason) {
        getElement().setAttribute("title", reason);
        return this;
    }

    /** Turns a constant such as {@code OUT_OF_SYNC} into the words {@code Out of sync}. */
    public static String words(Enum<?> constant) {
        var text = constant.name().replace('_', ' ').toLowerCase(java.util.Locale.ROOT);
        return Character.toUpperCase(text.charAt(0)) + text.substring(1);
    }
}
