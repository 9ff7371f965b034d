package io.garrison.shell;

import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.sidenav.SideNav;
import com.vaadin.flow.component.sidenav.SideNavItem;
import com.vaadin.flow.router.RouteConfiguration;
import com.vaadin.flow.router.RouteData;
import io.garrison.tenancy.ui.Screen;
import io.garrison.tenancy.ui.TenantScope;
import io.garrison.tenancy.ui.TenantScopes;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The menu: every page that says so of itself and that the reader may use, of the workspace that they are in. */
final class Navigation extends Div {
    private static final long serialVersionUID = 1L;

    private final transient TenantScopes scopes;
    private final boolean standalone;

    Navigation(TenantScopes scopes, boolean standalone) {
        this.scopes = scopes;
        this.standalone = standalone;
        addClassName("side");
    }

    /** @param scope the tenant whose workspace it is; none for the provider's own */
    void show(@Nullable TenantScope scope) {
        removeAll();
        var menu = new SideNav();
        menu.getElement().setAttribute("aria-label", "Main");
        for (var route : screens(scope != null)) {
            var screen = screen(route);
            var allowed = scope == null ? scopes.mayInProvider(screen.permission()) : scope.may(screen.permission());
            if (allowed) {
                menu.addItem(item(route, screen, scope));
            }
        }
        add(menu);
    }

    private static SideNavItem item(RouteData route, Screen screen, @Nullable TenantScope scope) {
        var template = route.getTemplate();
        var path = scope == null ? template : template.replace(":" + TenantScopes.PARAMETER, scope.slug());
        var item = new SideNavItem(screen.menu(), path, screen.icon().create());
        var home = template.equals("t/:" + TenantScopes.PARAMETER);
        item.setMatchNested(!home);
        return item;
    }

    private List<RouteData> screens(boolean ofTenant) {
        return RouteConfiguration.forApplicationScope().getAvailableRoutes().stream()
                .filter(route -> route.getNavigationTarget().isAnnotationPresent(Screen.class))
                .filter(route -> screen(route).ofTenant() == ofTenant)
                .filter(route -> standalone || !screen(route).standaloneOnly())
                .filter(route -> !screen(route).menu().isEmpty())
                .sorted(Comparator.comparingInt(route -> screen(route).order()))
                .toList();
    }

    private static Screen screen(RouteData route) {
        var screen = route.getNavigationTarget().getAnnotation(Screen.class);
        if (screen == null) {
            throw new IllegalStateException(route.getNavigationTarget() + " is no screen");
        }
        return screen;
    }
}
