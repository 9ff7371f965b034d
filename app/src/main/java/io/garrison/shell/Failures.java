package io.garrison.shell;

import com.vaadin.flow.server.ErrorEvent;
import com.vaadin.flow.server.ErrorHandler;
import com.vaadin.flow.server.ServiceInitEvent;
import com.vaadin.flow.server.VaadinServiceInitListener;
import io.garrison.tenancy.Refusal;
import io.garrison.tenancy.ui.Incidents;
import io.garrison.tenancy.ui.Notices;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Tells what a click ran into: a refusal in its own words, anything else as an incident that the log explains. */
@Component
class Failures implements VaadinServiceInitListener, ErrorHandler {
    private static final long serialVersionUID = 1L;

    @Override
    public void serviceInit(ServiceInitEvent event) {
        event.getSource().addSessionInitListener(start -> start.getSession().setErrorHandler(this));
    }

    @Override
    public void error(ErrorEvent event) {
        var refusal = refusal(event.getThrowable());
        if (refusal != null) {
            Notices.refused(refusal);
            return;
        }
        var incident = Incidents.record(event.getThrowable());
        if (com.vaadin.flow.component.UI.getCurrent() != null) {
            Notices.failed("That failed, and nothing was changed by it. Try again; if it fails again, tell your"
                    + " administrator incident " + incident + ".");
        }
    }

    /** The refusal that the failure is, or is caused by. */
    static @Nullable Refusal refusal(@Nullable Throwable failure) {
        for (var cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof Refusal refusal) {
                return refusal;
            }
        }
        return null;
    }
}
