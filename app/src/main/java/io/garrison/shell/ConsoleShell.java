package io.garrison.shell;

import com.vaadin.flow.component.dependency.StyleSheet;
import com.vaadin.flow.component.page.AppShellConfigurator;
import com.vaadin.flow.component.page.Inline;
import com.vaadin.flow.component.page.Push;
import com.vaadin.flow.component.page.Viewport;
import com.vaadin.flow.server.AppShellSettings;
import com.vaadin.flow.theme.aura.Aura;

/** What every page of the console is wrapped in. */
@Push
@Viewport("width=device-width, initial-scale=1")
@StyleSheet(Aura.STYLESHEET)
@StyleSheet("context://assets/garrison/garrison.css")
public class ConsoleShell implements AppShellConfigurator {
    private static final long serialVersionUID = 1L;

    @Override
    public void configurePage(AppShellSettings settings) {
        settings.addFavIcon("icon", "assets/garrison/mark.svg", "any");
        settings.setPageTitle("Garrison");
        // before the first paint, or a dark screen flashes white
        settings.addInlineFromFile("META-INF/resources/assets/garrison/scheme.js", Inline.Wrapping.JAVASCRIPT);
    }
}
