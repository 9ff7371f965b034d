package io.garrison.shell;

import com.vaadin.flow.component.applayout.AppLayout;
import com.vaadin.flow.component.applayout.DrawerToggle;
import com.vaadin.flow.component.dependency.JsModule;
import com.vaadin.flow.component.html.Anchor;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.router.BeforeEnterEvent;
import com.vaadin.flow.router.BeforeEnterObserver;
import com.vaadin.flow.router.Layout;
import com.vaadin.flow.spring.security.AuthenticationContext;
import io.garrison.licensing.AboutInstallation;
import io.garrison.tenancy.DeploymentMode;
import io.garrison.tenancy.SignedIn;
import io.garrison.tenancy.Workspace;
import io.garrison.tenancy.ui.Live;
import io.garrison.tenancy.ui.StateBadge;
import io.garrison.tenancy.ui.TenantScope;
import io.garrison.tenancy.ui.TenantScopes;
import jakarta.annotation.security.PermitAll;
import org.jspecify.annotations.Nullable;

/** The frame around every page: where the reader is, who they are, where they can go. */
@Layout
@PermitAll
@JsModule("context://assets/garrison/time.js")
class MainLayout extends AppLayout implements BeforeEnterObserver {
    private static final long serialVersionUID = 1L;

    private static final int TOUCH_MILLIS = 60_000;

    private final transient TenantScopes scopes;
    private final Navigation navigation;
    private final TenantSwitcher switcher;
    private final Anchor scope = new Anchor();
    private final Anchor leave = new Anchor("tenants", "All tenants");
    private String shown = "";

    MainLayout(
            TenantScopes scopes,
            Workspace workspace,
            AuthenticationContext authentication,
            AboutInstallation installation) {
        this.scopes = scopes;
        this.switcher = new TenantSwitcher(workspace);
        this.navigation = new Navigation(scopes, installation.about().mode() == DeploymentMode.STANDALONE);
        setPrimarySection(Section.DRAWER);
        var mark = new Span();
        mark.addClassName("mark");
        var brand = new Anchor("", mark, new Span("Garrison"));
        brand.addClassName("brand");
        brand.getElement().setAttribute("aria-label", "Garrison, to the overview");
        addToDrawer(brand, navigation, about(installation.about()));
        scope.addClassName("scope");
        leave.addClassNames("quiet", "hide-on-phone");
        var spring = new Div();
        spring.addClassName("spring");
        addToNavbar(new DrawerToggle(), scope, switcher, leave, spring, new AccountMenu(authentication));
        getElement().addEventListener("pointerdown", touch -> touched()).throttle(TOUCH_MILLIS);
        getElement().addEventListener("keydown", touch -> touched()).throttle(TOUCH_MILLIS);
    }

    private static Div about(AboutInstallation.Details details) {
        var about = new Div(StateBadge.words(details.mode()) + " · " + details.version());
        about.addClassName("side-note");
        about.setTitle("Mode and version of this installation");
        return about;
    }

    private void touched() {
        getUI().ifPresent(Live::touched);
    }

    @Override
    public void beforeEnter(BeforeEnterEvent event) {
        Live.touched(event.getUI());
        if (SignedIn.find().isEmpty()) {
            return;
        }
        var slug = event.getRouteParameters().get(TenantScopes.PARAMETER).orElse("");
        var now = slug.isEmpty() ? null : scopes.of(slug);
        if (shown.equals(slug) && !navigation.getChildren().toList().isEmpty()) {
            return;
        }
        shown = slug;
        navigation.show(now);
        describe(now);
    }

    private void describe(@Nullable TenantScope now) {
        scope.removeAll();
        scope.setVisible(!switcher.show(now));
        if (now == null) {
            scope.setHref("overview");
            scope.add(new Span("Provider"));
            scope.removeClassName("visiting");
            leave.setVisible(false);
            return;
        }
        scope.setHref(now.path(""));
        scope.add(new Span(now.name()));
        scope.setClassName("visiting", now.visiting());
        if (now.visiting()) {
            var how = new Span("seen by the provider");
            how.addClassName("quiet");
            scope.add(how);
        }
        leave.setVisible(now.visiting());
    }
}
