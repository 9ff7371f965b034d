package io.garrison.shell;

import com.vaadin.flow.component.html.Anchor;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.icon.VaadinIcon;
import com.vaadin.flow.router.BeforeEnterEvent;
import com.vaadin.flow.router.ErrorParameter;
import com.vaadin.flow.router.HasErrorParameter;
import com.vaadin.flow.router.NotFoundException;
import com.vaadin.flow.server.auth.AnonymousAllowed;
import io.garrison.tenancy.ui.EmptyState;

/** One answer to a wrong address and to somebody else's address, so that neither can be told from the other. */
@AnonymousAllowed
class NotFoundView extends Div implements HasErrorParameter<NotFoundException> {
    private static final long serialVersionUID = 1L;

    @Override
    public int setErrorParameter(BeforeEnterEvent event, ErrorParameter<NotFoundException> parameter) {
        addClassName("crash");
        removeAll();
        add(new EmptyState(
                VaadinIcon.SEARCH,
                "There is nothing here",
                "The address is wrong, what was here is gone, or it is not yours to see.",
                new Anchor("", "Go to the overview")));
        return 404;
    }
}
