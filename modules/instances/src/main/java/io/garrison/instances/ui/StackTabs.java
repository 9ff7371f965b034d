package io.garrison.instances.ui;

import com.vaadin.flow.component.tabs.Tab;
import com.vaadin.flow.component.tabs.Tabs;
import io.garrison.tenancy.ui.UnsavedChanges;
import java.util.Map;
import java.util.function.Consumer;

/** The tabs of a stack's page. Whoever has typed something is asked before another one is shown. */
final class StackTabs extends Tabs {
    private static final long serialVersionUID = 1L;

    static final String NOT_SAVED = "The settings have not been saved.";

    private static final String SHOW_SELECTED = "setTimeout(() => this.querySelector('[selected]')"
            + "?.scrollIntoView({ block: 'nearest', inline: 'center' }))";

    private final transient Unsaved content;
    private final transient Consumer<String> show;
    private String shown;

    /**
     * @param names by key
     * @param content of the tab that is shown
     * @param show shows the tab with this key
     */
    StackTabs(Map<String, String> names, String shown, Unsaved content, Consumer<String> show) {
        this.shown = shown;
        this.content = content;
        this.show = show;
        setWidthFull();
        names.forEach((key, name) -> {
            var tab = new Tab(name);
            tab.setId("tab-" + key);
            add(tab);
            if (key.equals(shown)) {
                setSelectedTab(tab);
            }
        });
        // on a phone the row of tabs is wider than the window
        addAttachListener(attach -> getElement().executeJs(SHOW_SELECTED));
        addSelectedChangeListener(change -> choose(change.getSelectedTab(), change.getPreviousTab()));
    }

    private void choose(Tab wanted, Tab before) {
        if (key(wanted).equals(shown)) {
            return; // gone back to
        }
        if (content.isUnsaved()) {
            setSelectedTab(before);
            UnsavedChanges.ask(NOT_SAVED, () -> {
                open(wanted);
                setSelectedTab(wanted);
            });
        } else {
            open(wanted);
        }
    }

    private void open(Tab tab) {
        shown = key(tab);
        show.accept(shown);
    }

    private static String key(Tab tab) {
        return tab.getId().orElse("").replace("tab-", "");
    }
}
