package io.garrison.tenancy.ui;

import com.vaadin.flow.component.Text;
import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.icon.VaadinIcon;
import com.vaadin.flow.component.notification.Notification;
import com.vaadin.flow.component.notification.NotificationVariant;
import io.garrison.tenancy.Refusal;

/** Short messages about what was just done. They are read out by screen readers and never take the focus. */
public final class Notices {

    private static final int DONE_MILLIS = 4_000;
    private static final int UNDO_MILLIS = 10_000;

    private Notices() {}

    public static void done(String what) {
        show(what, DONE_MILLIS, NotificationVariant.SUCCESS);
    }

    /** Done already, and can be taken back for ten seconds. */
    public static void undoable(String what, Runnable undo) {
        var notice = show(what, UNDO_MILLIS, NotificationVariant.SUCCESS);
        var button = new Button("Undo", click -> {
            notice.close();
            undo.run();
        });
        button.addThemeVariants(ButtonVariant.TERTIARY);
        notice.add(button);
    }

    /** Tells an expected "no". Fields that the caller can point at are better told there. */
    public static void refused(Refusal refusal) {
        var text = new StringBuilder(String.valueOf(refusal.getMessage()));
        for (var error : refusal.errors()) {
            text.append('\n').append(error.field()).append(": ").append(error.message());
        }
        failed(text.toString());
    }

    /** Stays until it is closed, because it must be read. */
    public static void failed(String what) {
        var notice = show(what, 0, NotificationVariant.ERROR);
        var close = new Button(VaadinIcon.CLOSE_SMALL.create(), click -> notice.close());
        close.addThemeVariants(ButtonVariant.TERTIARY);
        close.setAriaLabel("Close");
        notice.add(close);
    }

    private static Notification show(String what, int millis, NotificationVariant variant) {
        var notice = new Notification();
        notice.addThemeVariants(variant);
        notice.setDuration(millis);
        notice.setPosition(Notification.Position.BOTTOM_END);
        var text = new Div(new Text(what));
        text.addClassName("notice");
        notice.add(text);
        notice.open();
        return notice;
    }
}
