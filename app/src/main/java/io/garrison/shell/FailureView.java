package io.garrison.shell;

import com.vaadin.flow.component.html.Anchor;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.icon.VaadinIcon;
import com.vaadin.flow.router.BeforeEnterEvent;
import com.vaadin.flow.router.ErrorParameter;
import com.vaadin.flow.router.HasErrorParameter;
import com.vaadin.flow.server.auth.AnonymousAllowed;
import io.garrison.tenancy.Refusal;
import io.garrison.tenancy.ui.EmptyState;
import io.garrison.tenancy.ui.Incidents;

/** Stands in for a page that could not be shown. */
@AnonymousAllowed
class FailureView extends Div implements HasErrorParameter<Exception> {
    private static final long serialVersionUID = 1L;

    @Override
    public int setErrorParameter(BeforeEnterEvent event, ErrorParameter<Exception> parameter) {
        addClassName("crash");
        removeAll();
        var home = new Anchor("", "Go to the overview");
        if (Failures.refusal(parameter.getException()) instanceof Refusal refusal) {
            add(new EmptyState(VaadinIcon.LOCK, "Not possible", String.valueOf(refusal.getMessage()), home));
            return refusal.kind().status();
        }
        var incident = Incidents.record(parameter.getException());
        add(new EmptyState(
                VaadinIcon.WARNING,
                "This page failed",
                "Nothing that was saved is lost. Try again; if it fails again, tell your administrator incident "
                        + incident + ".",
                home));
        return 500;
    }
}
