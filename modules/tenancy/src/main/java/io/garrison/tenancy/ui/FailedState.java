package io.garrison.tenancy.ui;

import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.icon.VaadinIcon;

/** Stands where something would be that could not be read, and offers to try again. */
public final class FailedState extends Div {
    private static final long serialVersionUID = 1L;

    /**
     * @param title what failed: {@code The rehearsals could not be read}
     * @param failure is written to the log, under the name that is shown
     */
    public FailedState(String title, Throwable failure, Runnable again) {
        getElement().setAttribute("role", "alert");
        add(new EmptyState(
                VaadinIcon.WARNING,
                title,
                "Nothing that was saved is lost. If it fails again, tell your administrator incident "
                        + Incidents.record(failure) + ".",
                new Button("Try again", click -> again.run())));
    }
}
