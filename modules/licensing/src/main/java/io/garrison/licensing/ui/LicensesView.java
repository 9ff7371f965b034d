package io.garrison.licensing.ui;

import com.vaadin.flow.component.Composite;
import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.html.Anchor;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.component.icon.VaadinIcon;
import com.vaadin.flow.router.BeforeEnterEvent;
import com.vaadin.flow.router.BeforeEnterObserver;
import com.vaadin.flow.router.PageTitle;
import com.vaadin.flow.router.Route;
import io.garrison.licensing.LicenseId;
import io.garrison.licensing.LicenseSummary;
import io.garrison.licensing.SubLicenseLoading;
import io.garrison.tenancy.Permission;
import io.garrison.tenancy.ui.Ago;
import io.garrison.tenancy.ui.EmptyState;
import io.garrison.tenancy.ui.Facts;
import io.garrison.tenancy.ui.Live;
import io.garrison.tenancy.ui.Notices;
import io.garrison.tenancy.ui.PageHeader;
import io.garrison.tenancy.ui.Screen;
import io.garrison.tenancy.ui.Section;
import jakarta.annotation.security.PermitAll;
import java.util.LinkedHashMap;
import java.util.Map;

/** The provider's licences, each with its licence pool. */
@Route("licences")
@PageTitle("Licences – Garrison")
@Screen(menu = "Licences", icon = VaadinIcon.KEY, order = 40, permission = Permission.LICENSE_VIEW, ofTenant = false)
@PermitAll
class LicensesView extends Composite<Div> implements BeforeEnterObserver {
    private static final long serialVersionUID = 1L;

    static final int SHOWN = 100;

    private final transient ProviderTools provider;
    private final transient SubLicenseLoading loading;
    private final transient Map<LicenseId, PoolSection> pools = new LinkedHashMap<>();

    LicensesView(ProviderTools provider, SubLicenseLoading loading) {
        this.provider = provider;
        this.loading = loading;
        getContent().addClassName("page");
        Live.keep(this, this::refresh);
    }

    @Override
    public void beforeEnter(BeforeEnterEvent event) {
        lay();
    }

    void lay() {
        getContent().removeAll();
        pools.clear();
        var header = new PageHeader("Licences");
        getContent().add(header);
        var manages = provider.scopes().mayInProvider(Permission.LICENSE_MANAGE);
        var load = new Button("Load licence", VaadinIcon.UPLOAD_ALT.create(), click -> load());
        load.addThemeVariants(ButtonVariant.PRIMARY);
        var loadSub = new Button("Load sub-licence", click -> loadSubLicense());
        loadSub.setTooltipText("A signed file that another installation issued for one of its tenants");
        load.setVisible(manages);
        loadSub.setVisible(manages);
        header.actions(loadSub);
        var all = provider.licenses().list(null, SHOWN);
        if (all.isEmpty()) {
            getContent()
                    .add(new EmptyState(
                            VaadinIcon.KEY,
                            "No licence is loaded",
                            "A licence is the pool that tenants' sub-licences are taken from. This installation is "
                                    + provider.licenses().deployment() + ".",
                            load));
            return;
        }
        header.actions(loadSub, load);
        all.forEach(one -> getContent().add(section(one)));
        refresh();
    }

    private void refresh() {
        pools.forEach((id, pool) -> pool.show(provider.licenses().pool(id)));
    }

    private Section section(LicenseSummary one) {
        var now = provider.clock().instant();
        var pool = new PoolSection();
        pools.put(one.id(), pool);
        var facts = new Facts()
                .with("Features", LicenseWords.features(one.entitlements()))
                .with("Valid", Ago.absolute(one.validFrom()))
                .with("Until", Ago.absolute(one.validUntil()))
                .with("Loaded", new Ago(one.loadedAt()))
                .code("Signing key", one.signingKeyId())
                .code("Id", one.id().toString());
        if (one.deployment() != null) {
            facts.code("Only for installation", one.deployment().toString());
        }
        return new Section(one.mssp(), pool, facts)
                .aside(
                        LicenseWords.badge(one, now),
                        new Span(LicenseWords.left(one.validUntil(), now)),
                        new Anchor("licences/" + one.id(), "Who holds what"));
    }

    private void load() {
        LicenseFileDialog.open("Load licence", text -> {
            var loaded = provider.licenses().load(text);
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
