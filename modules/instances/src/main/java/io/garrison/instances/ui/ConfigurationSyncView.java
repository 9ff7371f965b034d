package io.garrison.instances.ui;

import com.vaadin.flow.component.Composite;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Paragraph;
import com.vaadin.flow.component.icon.VaadinIcon;
import com.vaadin.flow.router.BeforeEnterEvent;
import com.vaadin.flow.router.BeforeEnterObserver;
import com.vaadin.flow.router.HasDynamicTitle;
import com.vaadin.flow.router.Route;
import io.garrison.instances.ConfigurationSync;
import io.garrison.instances.ConfigurationSync.StackState;
import io.garrison.instances.ConfigurationSync.State;
import io.garrison.instances.ConfigurationSync.Status;
import io.garrison.tenancy.Permission;
import io.garrison.tenancy.ui.Ago;
import io.garrison.tenancy.ui.Facts;
import io.garrison.tenancy.ui.Live;
import io.garrison.tenancy.ui.PageHeader;
import io.garrison.tenancy.ui.Screen;
import io.garrison.tenancy.ui.Section;
import io.garrison.tenancy.ui.Signal;
import io.garrison.tenancy.ui.StateBadge;
import io.garrison.tenancy.ui.TenantScope;
import io.garrison.tenancy.ui.TenantScopes;
import jakarta.annotation.security.PermitAll;
import java.util.List;

/** How this machine and its peer stand to each other, and what somebody has to choose. */
@Route("t/:tenant/configuration-sync")
@Screen(
        menu = "Configuration Sync",
        icon = VaadinIcon.EXCHANGE,
        order = 35,
        permission = Permission.STACK_VIEW,
        ofTenant = true,
        standaloneOnly = true)
@PermitAll
class ConfigurationSyncView extends Composite<Div> implements BeforeEnterObserver, HasDynamicTitle {
    private static final long serialVersionUID = 1L;

    private final transient ConfigurationSync sync;
    private final transient TenantScopes scopes;
    private transient TenantScope scope = TenantScope.NOWHERE;
    private transient List<StackState> shown = List.of();

    private final PageHeader header = new PageHeader("Configuration Sync");
    private final Div facts = new Div();
    private final Div stacks = new Div();

    ConfigurationSyncView(ConfigurationSync sync, TenantScopes scopes) {
        this.sync = sync;
        this.scopes = scopes;
        getContent().addClassName("page");
        stacks.addClassName("stacked");
    }

    @Override
    public void beforeEnter(BeforeEnterEvent event) {
        scope = scopes.of(event);
        getContent().removeAll();
        shown = List.of();
        stacks.removeAll();
        getContent()
                .add(
                        header,
                        new Section("Peer", facts),
                        new Section("Stacks", stacks),
                        new Section("Settings", new SyncSettingsForm(sync, scope, this::refresh)));
        refresh();
        Live.keep(facts, this::refresh);
    }

    private void refresh() {
        var status = scope.call(sync::status);
        header.badges(badge(status.state()));
        facts.removeAll();
        facts.add(about(status));
        // Laid anew only if something has changed, so that nothing moves under whoever reads a difference.
        var compared = compared(status);
        if (!compared.equals(shown) || shown.isEmpty()) {
            shown = compared;
            stacks.removeAll();
            if (shown.isEmpty()) {
                stacks.add(new Paragraph(
                        status.state() == State.DISABLED
                                ? "Nothing is compared while it is switched off."
                                : "There is no stack yet, here or at the peer."));
            }
            shown.forEach(stack -> stacks.add(new SyncStackPanel(sync, scope, stack, this::refresh)));
        }
    }

    /** What was compared once says nothing about now while it is switched off. */
    static List<StackState> compared(Status status) {
        return status.state() == State.DISABLED ? List.of() : status.stacks();
    }

    private static Div about(Status status) {
        var all = new Div(new Facts()
                .code("Peer", status.peer())
                .with("Last contact", new Ago(status.lastContact()))
                .with("Last sync", new Ago(status.lastSync())));
        var trouble = status.trouble();
        if (trouble != null) {
            var hint = new Div(new Paragraph(trouble.message()));
            hint.addClassNames("hint", "bad");
            hint.getElement().setAttribute("role", "status");
            all.add(hint);
        }
        return all;
    }

    static StateBadge badge(State state) {
        return new StateBadge(
                switch (state) {
                    case DISABLED -> Signal.UNKNOWN;
                    case IN_SYNC -> Signal.GOOD;
                    case AHEAD, BEHIND -> Signal.WARNING;
                    case CONFLICT, UNREACHABLE, REFUSED -> Signal.BAD;
                },
                StateBadge.words(state));
    }

    @Override
    public String getPageTitle() {
        return "Configuration Sync – " + scope.name() + " – Garrison";
    }
}
