package io.garrison.tenancy.ui;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.confirmdialog.ConfirmDialog;
import com.vaadin.flow.router.BeforeLeaveEvent;

/** Asks before what was typed is lost: by a click inside the console, or by the browser leaving it. */
public final class UnsavedChanges {

    private static final String MARK = "data-unsaved";

    private UnsavedChanges() {}

    /** @param consequence one sentence: what has not been done with what was typed */
    public static void ask(String consequence, Runnable discarded) {
        ask(consequence, discarded, () -> {});
    }

    /** Holds a navigation up until the reader has decided. */
    public static void ask(String consequence, BeforeLeaveEvent event) {
        var leave = event.postpone();
        ask(consequence, leave::proceed, leave::cancel);
    }

    private static void ask(String consequence, Runnable discarded, Runnable kept) {
        var ask = new ConfirmDialog();
        ask.setHeader("Discard what you typed?");
        ask.setText(consequence);
        ask.setCancelable(true);
        ask.setCancelText("Keep editing");
        ask.setConfirmText("Discard");
        ask.setConfirmButtonTheme("error primary");
        ask.addCancelListener(no -> kept.run());
        ask.addConfirmListener(yes -> discarded.run());
        ask.open();
    }

    /** Has the browser ask too when it is closed, loaded anew or sent elsewhere while the component is marked. */
    public static void guard(Component component) {
        component.addAttachListener(attach -> component.getElement().executeJs("""
                if (!window.garrisonGuardsUnsaved) {
                  window.garrisonGuardsUnsaved = true;
                  window.addEventListener('beforeunload', leaving => {
                    if (document.querySelector('[%s]')) leaving.preventDefault();
                  });
                }
                """.formatted(MARK)));
    }

    public static void mark(Component component, boolean unsaved) {
        component.getElement().setAttribute(MARK, unsaved);
    }
}
