package io.garrison.licensing.ui;

import com.vaadin.flow.component.Composite;
import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.icon.VaadinIcon;
import com.vaadin.flow.router.BeforeEnterEvent;
import com.vaadin.flow.router.BeforeEnterObserver;
import com.vaadin.flow.router.HasDynamicTitle;
import com.vaadin.flow.router.Route;
import io.garrison.licensing.LicenseFileException;
import io.garrison.licensing.SubLicenseId;
import io.garrison.licensing.SubLicenseLoading;
import io.garrison.licensing.SubLicenseSummary;
import io.garrison.tenancy.DeploymentRules;
import io.garrison.tenancy.Permission;
import io.garrison.tenancy.ui.DangerDialog;
import io.garrison.tenancy.ui.EmptyState;
import io.garrison.tenancy.ui.Live;
import io.garrison.tenancy.ui.Notices;
import io.garrison.tenancy.ui.PageHeader;
import io.garrison.tenancy.ui.Screen;
import io.garrison.tenancy.ui.TenantScope;
import jakarta.annotation.security.PermitAll;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A tenant's sub-licences: what it bought, and what of that it uses. The provider allocates here; where the installation
 * runs by one that was loaded, a newer file of it is loaded here.
 */
@Route("t/:tenant/licences")
@Screen(menu = "Licences", icon = VaadinIcon.KEY, order = 70, permission = Permission.LICENSE_VIEW, ofTenant = true)
@PermitAll
class SubLicensesView extends Composite<Div> implements BeforeEnterObserver, HasDynamicTitle {
    private static final long serialVersionUID = 1L;

    private static final int PAGE = 20;
    private static final int NOTICES = 100;

    private final transient SubLicenseTools tools;
    private final transient ProviderTools provider;
    private final transient SubLicenseLoading loading;
    private final transient DeploymentRules rules;
    private transient TenantScope scope = TenantScope.NOWHERE;

    private TenantNotices notices = new TenantNotices(null);
    private final Div cards = new Div();
    private final Button more = new Button("Show more", click -> more());
    private final transient Map<SubLicenseId, SubLicenseCard> shown = new LinkedHashMap<>();

    SubLicensesView(SubLicenseTools tools, ProviderTools provider, SubLicenseLoading loading, DeploymentRules rules) {
        this.tools = tools;
        this.provider = provider;
        this.loading = loading;
        this.rules = rules;
        getContent().addClassName("page");
        cards.addClassName("stacked");
        more.addThemeVariants(ButtonVariant.TERTIARY);
        Live.keep(this, this::refresh);
    }

    @Override
    public void beforeEnter(BeforeEnterEvent event) {
        show(provider.scopes().of(event));
    }

    void show(TenantScope where) {
        scope = where;
        lay();
    }

    private void lay() {
        notices = new TenantNotices(scope.may(Permission.STACK_MANAGE) ? this::acknowledge : null);
        getContent().removeAll();
        shown.clear();
        cards.removeAll();
        var header = new PageHeader(rules.manySubLicenses() ? "Licences" : "Licence");
        getContent().add(header, notices);
        var act = action();
        if (page(null).isEmpty()) {
            getContent()
                    .add(new EmptyState(
                            VaadinIcon.KEY,
                            "No sub-licence",
                            "A sub-licence is what the tenant bought: how many instances may run, with which throughput.",
                            act));
        } else {
            header.actions(act);
            getContent().add(cards, new Div(more));
            more();
        }
        loadNotices();
    }

    private Button action() {
        var act = rules.providerLicenses()
                ? new Button("Allocate sub-licence", VaadinIcon.PLUS.create(), click -> allocate())
                : new Button("Load newer file", VaadinIcon.UPLOAD_ALT.create(), click -> loadNewer());
        act.addThemeVariants(ButtonVariant.PRIMARY);
        act.setVisible(provider.scopes().mayInProvider(Permission.LICENSE_MANAGE));
        return act;
    }

    /** One more than is shown at a time, to know whether there are more. */
    private List<SubLicenseSummary> page(@Nullable SubLicenseId after) {
        return scope.call(() -> tools.subLicenses().list(after, PAGE + 1));
    }

    private void more() {
        var last = shown.isEmpty() ? null : List.copyOf(shown.keySet()).getLast();
        var page = page(last);
        page.stream().limit(PAGE).forEach(this::show);
        more.setVisible(page.size() > PAGE);
    }

    private void show(SubLicenseSummary one) {
        shown.computeIfAbsent(one.id(), fresh -> {
                    var card = new SubLicenseCard(scope, tools.consumption(), provider.clock());
                    cards.add(card);
                    return card;
                })
                .show(one);
    }

    private void refresh() {
        for (var id : List.copyOf(shown.keySet())) {
            show(scope.call(() -> tools.subLicenses().get(id)));
        }
        loadNotices();
    }

    private void loadNotices() {
        notices.show(scope.call(() -> tools.notices().ofTenant(null, NOTICES)));
    }

    private void acknowledge(UUID notice) {
        scope.call(() -> tools.notices().acknowledge(notice));
        loadNotices();
    }

    private void loadNewer() {
        LicenseFileDialog.open("Load newer file", text -> {
            try {
                loaded(loading.load(text));
            } catch (LicenseFileException.OtherLicense other) {
                new DangerDialog(
                                "Load it all the same",
                                scope.name(),
                                String.valueOf(other.getMessage()),
                                () -> loaded(loading.loadUnderAnyLicense(text)))
                        .open();
            }
        });
    }

    private void loaded(SubLicenseLoading.LoadedSubLicense loaded) {
        Notices.done(
                switch (loaded.outcome()) {
                    case MADE, REPLACED -> "The newer file is loaded";
                    case UNCHANGED -> "This very file was loaded already";
                });
        lay();
    }

    private void allocate() {
        var loaded = provider.licenses().list(null, LicensesView.SHOWN);
        if (loaded.isEmpty()) {
            Notices.failed("No licence is loaded, so there is nothing to allocate from. Load one under Licences.");
            return;
        }
        new AllocationDialog(provider, tools.subLicenses(), this::lay).openFor(scope, loaded);
    }

    @Override
    public String getPageTitle() {
        return "Licences – " + scope.name() + " – Garrison";
    }
}
