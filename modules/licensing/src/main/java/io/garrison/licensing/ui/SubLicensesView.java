package io.garrison.licensing.ui;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.Composite;
import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.html.Anchor;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Paragraph;
import com.vaadin.flow.component.icon.VaadinIcon;
import com.vaadin.flow.router.BeforeEnterEvent;
import com.vaadin.flow.router.BeforeEnterObserver;
import com.vaadin.flow.router.HasDynamicTitle;
import com.vaadin.flow.router.Route;
import com.vaadin.flow.server.streams.DownloadHandler;
import com.vaadin.flow.server.streams.DownloadResponse;
import io.garrison.licensing.LicenseAdministration;
import io.garrison.licensing.SubLicenseAdministration;
import io.garrison.licensing.SubLicenseLoading;
import io.garrison.licensing.SubLicenseState;
import io.garrison.licensing.SubLicenseSummary;
import io.garrison.tenancy.DeploymentRules;
import io.garrison.tenancy.Permission;
import io.garrison.tenancy.ui.Ago;
import io.garrison.tenancy.ui.DangerDialog;
import io.garrison.tenancy.ui.EmptyState;
import io.garrison.tenancy.ui.Facts;
import io.garrison.tenancy.ui.Notices;
import io.garrison.tenancy.ui.PageHeader;
import io.garrison.tenancy.ui.Screen;
import io.garrison.tenancy.ui.Section;
import io.garrison.tenancy.ui.TenantScope;
import io.garrison.tenancy.ui.TenantScopes;
import io.garrison.tenancy.ui.Units;
import jakarta.annotation.security.PermitAll;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;

/**
 * A tenant's sub-licences: what it bought. The provider allocates and takes back here; where the installation runs by one
 * that was loaded, a newer file of it is loaded here.
 */
@Route("t/:tenant/licences")
@Screen(menu = "Licences", icon = VaadinIcon.KEY, order = 70, permission = Permission.LICENSE_VIEW, ofTenant = true)
@PermitAll
class SubLicensesView extends Composite<Div> implements BeforeEnterObserver, HasDynamicTitle {
    private static final long serialVersionUID = 1L;

    private static final int SHOWN = 200;

    private final transient LicenseAdministration licenses;
    private final transient SubLicenseAdministration subLicenses;
    private final transient SubLicenseLoading loading;
    private final transient DeploymentRules rules;
    private final transient TenantScopes scopes;
    private final transient Clock clock;
    private transient TenantScope scope = TenantScope.NOWHERE;

    SubLicensesView(
            LicenseAdministration licenses,
            SubLicenseAdministration subLicenses,
            SubLicenseLoading loading,
            DeploymentRules rules,
            TenantScopes scopes,
            Clock clock) {
        this.licenses = licenses;
        this.subLicenses = subLicenses;
        this.loading = loading;
        this.rules = rules;
        this.scopes = scopes;
        this.clock = clock;
        getContent().addClassName("page");
    }

    @Override
    public void beforeEnter(BeforeEnterEvent event) {
        scope = scopes.of(event);
        lay();
    }

    private void lay() {
        getContent().removeAll();
        var header = new PageHeader(rules.manySubLicenses() ? "Licences" : "Licence");
        getContent().add(header);
        if (!rules.providerLicenses()) {
            layTheOne(header);
            return;
        }
        var allocate = new Button("Allocate sub-licence", VaadinIcon.PLUS.create(), click -> allocate());
        allocate.addThemeVariants(ButtonVariant.PRIMARY);
        allocate.setVisible(mayManage());
        var all = scope.call(() -> subLicenses.list(null, SHOWN));
        if (all.isEmpty()) {
            getContent()
                    .add(new EmptyState(
                            VaadinIcon.KEY,
                            "No sub-licence",
                            "A sub-licence is what the tenant bought: how many instances may run, with which throughput.",
                            allocate));
            return;
        }
        header.actions(allocate);
        all.forEach(one -> getContent().add(section(one)));
    }

    /** What the installation runs by. Only a newer file of it can be loaded here. */
    private void layTheOne(PageHeader header) {
        if (mayManage()) {
            var load = new Button("Load newer file", VaadinIcon.UPLOAD_ALT.create(), click -> loadNewer());
            load.addThemeVariants(ButtonVariant.PRIMARY);
            header.actions(load);
        }
        scope.call(() -> subLicenses.list(null, SHOWN))
                .forEach(one -> getContent().add(section(one)));
    }

    private void loadNewer() {
        LicenseFileDialog.open("Load newer file", text -> {
            var loaded = loading.load(text);
            Notices.done(
                    switch (loaded.outcome()) {
                        case MADE, REPLACED -> "The newer file is loaded";
                        case UNCHANGED -> "This very file was loaded already";
                    });
            lay();
        });
    }

    private boolean mayManage() {
        return scopes.mayInProvider(Permission.LICENSE_MANAGE);
    }

    private void allocate() {
        var loaded = licenses.list(null, SHOWN);
        if (loaded.isEmpty()) {
            Notices.failed("No licence is loaded, so there is nothing to allocate from. Load one under Licences.");
            return;
        }
        new SubLicenseDialog(licenses, subLicenses, scope, clock, this::lay).open(loaded);
    }

    private Component section(SubLicenseSummary one) {
        var granted = one.entitlements();
        var facts = new Facts()
                .with("Instances", Units.count(granted.instances()))
                .with("Throughput", Units.bitsPerSecond(granted.throughputBps()))
                .with("Virtual services", Units.count(granted.virtualServices()))
                .with("Features", granted.features().isEmpty() ? "none" : String.join(", ", granted.features()))
                .with("Valid from", Ago.absolute(one.validFrom()))
                .with("Valid until", Ago.absolute(one.validUntil()))
                .with("Grace", Units.count(one.graceDays(), "day", "days"))
                .with("File", "serial " + one.serial())
                .code("Id", one.id().toString());
        var section = new Section(LicenseWords.summary(granted), facts).aside(LicenseWords.badge(one.state()));
        if (one.state() != SubLicenseState.ACTIVE) {
            var why = new Paragraph(LicenseWords.explain(one.state()));
            why.addClassName("quiet");
            section.add(why);
        }
        section.add(actions(one));
        return section;
    }

    private Div actions(SubLicenseSummary one) {
        var file = new Anchor(
                DownloadHandler.fromInputStream(download -> {
                    var text = scope.call(() -> subLicenses.file(one.id())).getBytes(StandardCharsets.UTF_8);
                    return new DownloadResponse(
                            new ByteArrayInputStream(text),
                            scope.slug() + "-" + one.id().toString().substring(0, 8) + ".lic",
                            "application/jose",
                            text.length);
                }),
                "Download signed file");
        var row = new Div(file);
        row.addClassName("row");
        if (mayManage() && rules.providerLicenses() && one.state() != SubLicenseState.REVOKED) {
            var revoke = new Button(
                    "Revoke",
                    click -> new DangerDialog(
                                    "Revoke sub-licence",
                                    scope.slug(),
                                    "Its share returns to the licence pool at once, its seats are not renewed, and nothing new can"
                                            + " be made under it. Running traffic is not affected.",
                                    () -> {
                                        scope.call(() -> subLicenses.revoke(one.id()));
                                        Notices.done("The sub-licence is revoked");
                                        lay();
                                    })
                            .open());
            revoke.addThemeVariants(ButtonVariant.TERTIARY, ButtonVariant.ERROR);
            row.add(revoke);
        }
        return row;
    }

    @Override
    public String getPageTitle() {
        return "Licences – " + scope.name() + " – Garrison";
    }
}
