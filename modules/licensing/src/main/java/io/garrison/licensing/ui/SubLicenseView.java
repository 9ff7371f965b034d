package io.garrison.licensing.ui;

import com.vaadin.flow.component.Composite;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.router.BeforeEnterEvent;
import com.vaadin.flow.router.BeforeEnterObserver;
import com.vaadin.flow.router.HasDynamicTitle;
import com.vaadin.flow.router.NotFoundException;
import com.vaadin.flow.router.Route;
import io.garrison.licensing.LadderDates;
import io.garrison.licensing.LicenseException.UnknownSubLicense;
import io.garrison.licensing.SubLicenseId;
import io.garrison.licensing.SubLicenseState;
import io.garrison.licensing.SubLicenseSummary;
import io.garrison.tenancy.DeploymentRules;
import io.garrison.tenancy.Permission;
import io.garrison.tenancy.TenantId;
import io.garrison.tenancy.TenantSummary;
import io.garrison.tenancy.ui.Ago;
import io.garrison.tenancy.ui.Facts;
import io.garrison.tenancy.ui.Live;
import io.garrison.tenancy.ui.Notices;
import io.garrison.tenancy.ui.PageHeader;
import io.garrison.tenancy.ui.Screen;
import io.garrison.tenancy.ui.Section;
import io.garrison.tenancy.ui.TenantScope;
import jakarta.annotation.security.PermitAll;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One sub-licence: what it grants and what of that is used, how long, what became of it; the provider changes it here. */
@Route("t/:tenant/licences/:subLicence")
@Screen(permission = Permission.LICENSE_VIEW, ofTenant = true)
@PermitAll
class SubLicenseView extends Composite<Div> implements BeforeEnterObserver, HasDynamicTitle {
    private static final long serialVersionUID = 1L;

    private static final int SHOWN = 20;

    private final transient SubLicenseTools tools;
    private final transient ProviderTools provider;
    private final transient DeploymentRules rules;
    private transient TenantScope scope = TenantScope.NOWHERE;
    private transient @Nullable SubLicenseSummary shown;

    private final ConsumptionBars consumption = new ConsumptionBars();
    private final OverageList overage = new OverageList();
    private TransferList transfers = new TransferList(TenantId::toString, null);

    SubLicenseView(SubLicenseTools tools, ProviderTools provider, DeploymentRules rules) {
        this.tools = tools;
        this.provider = provider;
        this.rules = rules;
        getContent().addClassName("page");
        Live.keep(this, this::refresh);
    }

    @Override
    public void beforeEnter(BeforeEnterEvent event) {
        try {
            var id = new SubLicenseId(
                    UUID.fromString(event.getRouteParameters().get("subLicence").orElse("")));
            show(provider.scopes().of(event), id);
        } catch (IllegalArgumentException | UnknownSubLicense e) {
            event.rerouteToError(NotFoundException.class);
        }
    }

    void show(TenantScope where, SubLicenseId id) {
        scope = where;
        lay(scope.call(() -> tools.subLicenses().get(id)));
    }

    /** Only what is different is laid anew, so that nothing jumps under the cursor. */
    private void refresh() {
        if (shown == null) {
            return;
        }
        var id = shown.id();
        var now = scope.call(() -> tools.subLicenses().get(id));
        if (now.equals(shown)) {
            load(id);
        } else {
            lay(now);
        }
    }

    private void load(SubLicenseId id) {
        consumption.show(scope.call(() -> tools.consumption().of(id)));
        overage.show(scope.call(() -> tools.consumption().overage(id, null, SHOWN)));
        transfers.show(scope.call(() -> tools.transfers().list(id, null, SHOWN)));
    }

    private void lay(SubLicenseSummary one) {
        shown = one;
        transfers = new TransferList(names(), mayChange(one) ? transfer -> cancel(one.id(), transfer) : null);
        var ladder = new LadderList();
        ladder.show(one.validFrom(), LadderDates.of(one.validUntil(), one.graceDays()), rung(one));
        var history = new HistoryList(
                before -> scope.call(() -> tools.operations().history(one.id(), before, HistoryList.fetched())));
        var main = new Div(
                new Section("Consumption", consumption),
                new Section("History", history).aside(new Span("each signing, newest first")));
        main.addClassName("stacked");
        var side = new Div(
                new Section("How long it lasts", ladder)
                        .aside(new Span(LicenseWords.left(
                                one.validUntil(), provider.clock().instant()))),
                granted(one),
                new Section("Beyond the limits", overage));
        if (rules.providerLicenses()) {
            side.add(new Section("Transfers from it", transfers));
        }
        side.addClassName("stacked");
        var columns = new Div(main, side);
        columns.addClassName("columns");
        getContent().removeAll();
        getContent().add(header(one));
        hint(one);
        getContent().add(columns);
        load(one.id());
    }

    private PageHeader header(SubLicenseSummary one) {
        var header = new PageHeader(LicenseWords.name(one.id()))
                .under(rules.manySubLicenses() ? "Licences" : "Licence", scope.path("licences"))
                .badges(LicenseWords.badge(one.state()))
                .facts(new Span(scope.name()), new Span(LicenseWords.summary(one.entitlements())));
        if (mayChange(one)) {
            header.actions(new SubLicenseActions(tools, provider, scope, one, this::refresh).buttons());
        }
        return header;
    }

    private void hint(SubLicenseSummary one) {
        var obstacle = Operation.obstacle(one, isIssuedHere(one));
        if (obstacle != null && mayManage()) {
            getContent().add(Hint.note(obstacle));
        }
        if (one.state() != SubLicenseState.ACTIVE) {
            getContent().add(Hint.warning(LicenseWords.explain(one.state())));
        }
    }

    private Section granted(SubLicenseSummary one) {
        return scope.may(Permission.LICENSE_EXPORT)
                ? new Section("What it grants", facts(one), SubLicenseFile.link(tools.subLicenses(), scope, one.id()))
                : new Section("What it grants", facts(one));
    }

    private Facts facts(SubLicenseSummary one) {
        var granted = one.entitlements();
        var facts = new Facts();
        for (var metric : LicenseWords.COUNTED) {
            facts.with(
                    LicenseWords.name(metric),
                    LicenseWords.quantity(metric, granted.limit(metric)) + " · "
                            + OverageWords.name(metric, one.overages().of(metric)));
        }
        return facts.with("Features", LicenseWords.features(granted))
                .with("Valid from", Ago.absolute(one.validFrom()))
                .with("Valid until", Ago.absolute(one.validUntil()))
                .with("Grace", LicenseWords.days(one.graceDays()))
                .with("Mode", LicenseWords.mode(one.mode()))
                .with("Signed file", "serial " + one.serial())
                .code("Id", one.id().toString())
                .code("Licence", one.licenseId().toString());
    }

    private boolean mayManage() {
        return provider.scopes().mayInProvider(Permission.LICENSE_MANAGE);
    }

    private boolean mayChange(SubLicenseSummary one) {
        return mayManage() && rules.providerLicenses() && Operation.obstacle(one, isIssuedHere(one)) == null;
    }

    private boolean isIssuedHere(SubLicenseSummary one) {
        return scope.call(() -> tools.operations().issuedHere(one.id()));
    }

    /** Who may not look around among tenants is not told their names. */
    private Function<TenantId, String> names() {
        if (!provider.scopes().mayInProvider(Permission.TENANT_VIEW)) {
            return tenant -> "another sub-licence";
        }
        var names = provider.workspace().available().stream()
                .collect(Collectors.toMap(TenantSummary::id, TenantSummary::name));
        return tenant -> names.getOrDefault(tenant, "a tenant that is gone");
    }

    private void cancel(SubLicenseId id, UUID transfer) {
        scope.call(() -> tools.transfers().cancel(id, transfer));
        Notices.done("The transfer is cancelled; nothing has moved");
        load(id);
    }

    private static @Nullable SubLicenseState rung(SubLicenseSummary one) {
        return switch (one.state()) {
            case ACTIVE, EXPIRING, GRACE, RESTRICTED, FROZEN -> one.state();
            case SCHEDULED, SUSPENDED, REVOKED -> null;
        };
    }

    @Override
    public String getPageTitle() {
        var name = shown == null ? "Sub-licence" : LicenseWords.name(shown.id());
        return name + " – " + scope.name() + " – Garrison";
    }
}
