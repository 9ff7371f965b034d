package io.garrison.tenancy.ui;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.Composite;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.component.icon.VaadinIcon;
import com.vaadin.flow.component.textfield.TextField;
import com.vaadin.flow.data.value.ValueChangeMode;
import java.util.Locale;
import java.util.stream.Stream;

/** The bar above a list by which a reader finds names in it, with how much of the list is left. */
public final class NameFilter extends Composite<Div> {
    private static final long serialVersionUID = 1L;

    private static final String NAME = "q";

    private final transient ListState state;
    private final TextField text = new TextField();
    private final Span count = new Span();

    /**
     * @param names what is searched
     * @param changed what happens when the reader types
     */
    public NameFilter(ListState state, String names, Runnable changed) {
        this.state = state;
        text.setPlaceholder(names);
        text.setAriaLabel("Filter by name");
        text.setPrefixComponent(VaadinIcon.SEARCH.create());
        text.setClearButtonVisible(true);
        text.setValueChangeMode(ValueChangeMode.LAZY);
        text.addValueChangeListener(change -> {
            if (change.isFromClient()) {
                state.put(NAME, change.getValue());
                changed.run();
            }
        });
        count.addClassName("count");
        getContent().add(text, count);
        getContent().addClassName("filters");
    }

    /** Adds what else the list is filtered by. */
    public NameFilter with(Component other) {
        getContent().addComponentAtIndex(getContent().getComponentCount() - 1, other);
        return this;
    }

    /** Shows what the address says. */
    public void read() {
        text.setValue(state.get(NAME).orElse(""));
    }

    /** Whether one of the names is looked for. */
    public boolean takes(String... names) {
        var wanted = text.getValue().strip().toLowerCase(Locale.ROOT);
        return Stream.of(names).anyMatch(name -> name.toLowerCase(Locale.ROOT).contains(wanted));
    }

    public void count(int shown, int all, String one, String several) {
        count.setText(
                shown == all
                        ? Units.count(all, one, several)
                        : Units.count(shown) + " of " + Units.count(all, one, several));
    }
}
