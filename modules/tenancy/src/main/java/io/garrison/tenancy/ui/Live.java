package io.garrison.tenancy.ui;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.ComponentUtil;
import com.vaadin.flow.component.UI;
import com.vaadin.flow.shared.Registration;
import io.garrison.tenancy.Refusal;
import java.io.Serializable;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a part of a page current while it is shown. The browser asks; so every refresh passes the security filters like
 * a click does, with the rights that the reader has at that moment. It stops asking when nobody has touched the page
 * for half an hour, so that a forgotten page does not keep a session alive.
 */
public final class Live {

    /** Time between two refreshes. */
    public static final Duration PAUSE = Duration.ofSeconds(5);

    static final Duration UNTOUCHED = Duration.ofMinutes(30);

    private static final Logger log = LoggerFactory.getLogger(Live.class);

    private Live() {}

    /**
     * Refreshes until the component is detached. While that fails, the component has the style {@code stale}, and its
     * last content stays.
     */
    public static void keep(Component component, Runnable refresh) {
        component.addAttachListener(attach -> {
            var ui = attach.getUI();
            var registration = ui.addPollListener(poll -> refresh(ui, component, refresh));
            ui.setPollInterval((int) PAUSE.toMillis());
            touched(ui);
            endWith(component, registration);
        });
    }

    /** To be called when the reader does something. */
    public static void touched(UI ui) {
        ComponentUtil.setData(ui, Touch.class, new Touch(System.nanoTime()));
        if (ui.getPollInterval() < 0 && ComponentUtil.getData(ui, Paused.class) != null) {
            ComponentUtil.setData(ui, Paused.class, null);
            ui.setPollInterval((int) PAUSE.toMillis());
        }
    }

    private static void endWith(Component component, Registration registration) {
        var both = new Registration[1];
        both[0] = component.addDetachListener(gone -> {
            registration.remove();
            both[0].remove();
        });
    }

    private static void refresh(UI ui, Component component, Runnable refresh) {
        var touch = ComponentUtil.getData(ui, Touch.class);
        if (touch != null && System.nanoTime() - touch.nanos() > UNTOUCHED.toNanos()) {
            ComponentUtil.setData(ui, Paused.class, new Paused());
            ui.setPollInterval(-1);
            return;
        }
        try {
            refresh.run();
            component.getElement().getClassList().set("stale", false);
        } catch (Refusal refusal) {
            // the reader has lost the right, or what they look at is gone: nothing to show any longer
            component.getElement().getClassList().set("stale", true);
        } catch (RuntimeException e) {
            log.warn("a page could not be refreshed", e);
            component.getElement().getClassList().set("stale", true);
        }
    }

    private record Touch(long nanos) implements Serializable {}

    private record Paused() implements Serializable {}
}
