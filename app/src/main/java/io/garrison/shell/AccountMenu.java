package io.garrison.shell;

import com.vaadin.flow.component.avatar.Avatar;
import com.vaadin.flow.component.contextmenu.MenuItem;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.component.menubar.MenuBar;
import com.vaadin.flow.component.menubar.MenuBarVariant;
import com.vaadin.flow.spring.security.AuthenticationContext;
import io.garrison.tenancy.Role;
import io.garrison.tenancy.SignedIn;
import io.garrison.tenancy.ui.StateBadge;
import java.util.Map;

/** Who is signed in, light or dark, and the way out. */
final class AccountMenu extends MenuBar {
    private static final long serialVersionUID = 1L;

    AccountMenu(AuthenticationContext authentication) {
        addThemeVariants(MenuBarVariant.TERTIARY);
        getElement().setAttribute("aria-label", "Account");
        var who = SignedIn.find().map(SignedIn::name).orElse("");
        var label = new Span(who);
        label.addClassName("account-name");
        var avatar = new Avatar(who);
        avatar.addThemeName("xsmall");
        var item = addItem(avatar);
        item.add(label);
        item.getElement().setAttribute("aria-label", "Account " + who);
        var menu = item.getSubMenu();
        var role = menu.addItem(who + " · " + role());
        role.setEnabled(false);
        menu.addSeparator();
        for (var scheme : Map.of("light", "Light", "dark", "Dark", "system", "As the system").entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .toList()) {
            scheme(menu.addItem(scheme.getValue()), scheme.getKey());
        }
        menu.addSeparator();
        menu.addItem("Sign out", click -> authentication.logout());
    }

    private static String role() {
        return SignedIn.find()
                .map(reader -> reader.provider() != null
                        ? StateBadge.words(reader.provider())
                        : reader.memberships().values().stream()
                                .findFirst()
                                .map(one -> StateBadge.words(one.role()))
                                .orElse(StateBadge.words(Role.TENANT_VIEWER)))
                .orElse("");
    }

    /** Kept by the browser, so that the next page begins with it. */
    private static void scheme(MenuItem item, String name) {
        item.addClickListener(click -> item.getElement().executeJs("""
                        localStorage.setItem('garrison.scheme', $0);
                        document.documentElement.style.colorScheme = $0 === 'system' ? '' : $0;
                        """, name));
    }
}
