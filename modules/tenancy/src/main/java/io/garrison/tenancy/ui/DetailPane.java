package io.garrison.tenancy.ui;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.html.Aside;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.H2;
import com.vaadin.flow.component.icon.VaadinIcon;
import com.vaadin.flow.component.masterdetaillayout.MasterDetailLayout;

/** A list, with room beside it for one of its rows; over it where there is no room. Escape closes the detail. */
public final class DetailPane extends MasterDetailLayout {
    private static final long serialVersionUID = 1L;

    private final transient Runnable closed;

    /** @param closed what else happens when the detail is closed, such as giving up the selection */
    public DetailPane(Component list, Runnable closed) {
        this.closed = closed;
        setMaster(list);
        setMasterSize("min(480px, 100%)");
        setDetailSize("430px");
        setExpandMaster(true);
        setSizeFull();
        addDetailEscapePressListener(escape -> hide());
        addBackdropClickListener(click -> hide());
    }

    public void show(String title, Component... content) {
        var close = new Button(VaadinIcon.CLOSE_SMALL.create(), click -> hide());
        close.addThemeVariants(ButtonVariant.TERTIARY);
        close.setAriaLabel("Close details");
        var head = new Div(new H2(title), close);
        head.addClassName("drawer-head");
        var drawer = new Aside(head);
        drawer.addClassName("drawer");
        drawer.getElement().setAttribute("aria-label", title);
        drawer.add(content);
        setDetail(drawer);
    }

    public boolean isShown() {
        return getDetail() != null;
    }

    public void hide() {
        setDetail(null);
        closed.run();
    }
}
