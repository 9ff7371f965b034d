package io.garrison.instances.ui;

import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.router.Route;

/** Where the components of browserless tests stand. */
@Route("")
public class BlankPage extends Div {
    private static final long serialVersionUID = 1L;
}
