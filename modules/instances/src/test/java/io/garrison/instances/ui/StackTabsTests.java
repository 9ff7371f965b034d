package io.garrison.instances.ui;

import static org.assertj.core.api.Assertions.assertThat;

import com.vaadin.browserless.BrowserlessTest;
import com.vaadin.flow.component.UI;
import com.vaadin.flow.component.confirmdialog.ConfirmDialog;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Whoever has typed something on one tab is asked before another one takes its place. */
class StackTabsTests extends BrowserlessTest {

    private final List<String> shown = new ArrayList<>();
    private boolean unsaved;

    private StackTabs tabs() {
        var names = new LinkedHashMap<String, String>();
        names.put("policy", "Services and pools");
        names.put("ha", "High availability");
        var tabs = new StackTabs(names, "ha", () -> unsaved, shown::add);
        UI.getCurrent().add(tabs);
        return tabs;
    }

    private static String selected(StackTabs tabs) {
        return tabs.getSelectedTab().getLabel();
    }

    @Test
    void showsAnotherTabAtOnceWhereNothingWasTyped() {
        var tabs = tabs();
        assertThat(selected(tabs)).isEqualTo("High availability");

        tabs.setSelectedIndex(0);

        assertThat(shown).containsExactly("policy");
        assertThat($(ConfirmDialog.class).exists()).isFalse();
    }

    @Test
    void staysWhereSomethingWasTypedUntilThatIsDiscarded() {
        var tabs = tabs();
        unsaved = true;

        tabs.setSelectedIndex(0);
        test($(ConfirmDialog.class).single()).cancel();
        assertThat(selected(tabs)).isEqualTo("High availability");
        assertThat(shown).isEmpty();

        tabs.setSelectedIndex(0);
        test($(ConfirmDialog.class).single()).confirm();
        assertThat(selected(tabs)).isEqualTo("Services and pools");
        assertThat(shown).containsExactly("policy");
    }
}
