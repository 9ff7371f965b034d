package io.garrison.licensing.ui;

import com.vaadin.flow.component.Composite;
import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.icon.VaadinIcon;
import com.vaadin.flow.router.BeforeEnterEvent;
import com.vaadin.flow.router.BeforeEnterObserver;
import com.vaadin.flow.router.PageTitle;
import com.vaadin.flow.router.Route;
import io.garrison.licensing.LicenseAdministration;
import io.garrison.licensing.LicensePool;
import io.garrison.licensing.LicenseSummary;
import io.garrison.licensing.SubLicenseLoading;
import io.garrison.tenancy.Permission;
import io.garrison.tenancy.ui.Ago;
import io.garrison.tenancy.ui.EmptyState;
import io.garrison.tenancy.ui.Facts;
import io.garrison.tenancy.ui.Notices;
import io.garrison.tenancy.ui.PageHeader;
import io.garrison.tenancy.ui.Screen;
import io.garrison.tenancy.ui.Section;
import io.garrison.tenancy.ui.Signal;
import io.garrison.tenancy.ui.StateBadge;
import io.garrison.tenancy.ui.TenantScopes;
import jakarta.annotation.security.PermitAll;
import java.time.Clock;
import java.time.Duration;

/** The provider's licences, each with its licence pool. */
@Route("licences")
@PageTitle("Licences – Garrison")
@Screen(menu = "Licences", icon = VaadinIcon.KEY, order = 40, permission = Permission.LICENSE_VIEW, ofTenant = false)
@PermitAll
class LicensesView extends Composite<Div> implements BeforeEnterObserver {
    private static final long serialVersionUID = 1L;

    private static final int SHOWN = 100;
    private static final Duration SOON = Duration.ofDays(30);

    private final transient LicenseAdministration licenses;
    private final transient SubLicenseLoading loading;
    private final transient TenantScopes scopes;
    private final transient Clock clock;

    LicensesView(LicenseAdministration licenses, SubLicenseLoading loading, TenantScopes scopes, Clock clock) {
        this.licenses = licenses;
        this.loading = loading;
        this.scopes = scopes;
        this.clock = clock;
        getContent().addClassName("page");
    }

    @Override
    public void beforeEnter(BeforeEnterEvent event) {
        lay();
    }

    private void lay() {
        getContent().removeAll();
        var header = new PageHeader("Licences");
        getContent().add(header);
        var load = new Button("Load licence", VaadinIcon.UPLOAD_ALT.create(), click -> load());
        load.addThemeVariants(ButtonVariant.PRIMARY);
        var loadSub = new Button("Load sub-licence", click -> loadSubLicense());
        loadSub.setTooltipText("A signed file that another installation issued for one of its tenants");
        load.setVisible(scopes.mayInProvider(Permission.LICENSE_MANAGE));
        loadSub.setVisible(scopes.mayInProvider(Permission.LICENSE_MANAGE));
        header.actions(loadSub);
        var all = licenses.list(null, SHOWN);
        if (all.isEmpty()) {
            getContent()
                    .add(new EmptyState(
                            VaadinIcon.KEY,
                            "No licence is loaded",
                            "A licence is the pool that tenants' sub-licences are taken from. This installation is "
                                    + licenses.deployment() + ".",
                            load));
            return;
        }
        header.actions(loadSub, load);
        all.forEach(one -> getContent().add(section(one)));
    }

    private Section section(LicenseSummary one) {
        var pool = new Div();
        pool.addClassName("tiles");
        Facts features = new Facts();
        for (var line : licenses.pool(one.id()).lines()) {
            switch (line) {
                case LicensePool.Count count -> {
                    var name = new Div(LicenseWords.name(count.metric()));
                    var free = new Div(LicenseWords.quantity(count.metric(), count.free()) + " free");
                    free.addClassName("tile-value");
                    var tile = new Div(name, free, LicenseWords.meter(count));
                    tile.addClassNames("tile", "plain-tile");
                    pool.add(tile);
                }
                case LicensePool.Features names ->
                    features.with("Features", names.limit().isEmpty() ? "none" : String.join(", ", names.limit()));
            }
        }
        features.with("Valid", Ago.absolute(one.validFrom()))
                .with("Until", Ago.absolute(one.validUntil()))
                .with("Loaded", new Ago(one.loadedAt()))
                .code("Signing key", one.signingKeyId())
                .code("Id", one.id().toString());
        if (one.deployment() != null) {
            features.code("Only for installation", one.deployment().toString());
        }
        return new Section(one.mssp(), pool, features).aside(state(one));
    }

    private StateBadge state(LicenseSummary one) {
        var now = clock.instant();
        if (one.demo()) {
            return new StateBadge(Signal.SPECIAL, "Demonstration");
        }
        if (!now.isBefore(one.validUntil())) {
            return new StateBadge(Signal.BAD, "Expired");
        }
        if (now.isBefore(one.validFrom())) {
            return new StateBadge(Signal.UNKNOWN, "Not yet valid");
        }
        return now.plus(SOON).isAfter(one.validUntil())
                ? new StateBadge(Signal.WARNING, "Expires soon")
                : new StateBadge(Signal.GOOD, "In force");
    }

    private void load() {
        LicenseFileDialog.open("Load licence", text -> {
            var loaded = licenses.load(text);
            Notices.done("The licence of " + loaded.mssp() + " is loaded");
            lay();
        });
    }

    /** The file names its tenant, so that is where the reader is taken. */
    private void loadSubLicense() {
        LicenseFileDialog.open("Load sub-licence", text -> {
            var loaded = loading.load(text);
            Notices.done("The sub-licence of " + loaded.tenant().name() + " is loaded");
            getUI().ifPresent(ui -> ui.navigate("t/" + loaded.tenant().slug() + "/licences"));
        });
    }
}
