package io.garrison.licensing.ui;

import com.vaadin.flow.component.Composite;
import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.component.icon.VaadinIcon;
import com.vaadin.flow.router.BeforeEnterEvent;
import com.vaadin.flow.router.BeforeEnterObserver;
import com.vaadin.flow.router.NotFoundException;
import com.vaadin.flow.router.PageTitle;
import com.vaadin.flow.router.Route;
import io.garrison.licensing.LicenseException.UnknownLicense;
import io.garrison.licensing.LicenseId;
import io.garrison.licensing.LicenseSummary;
import io.garrison.tenancy.Permission;
import io.garrison.tenancy.ui.DetailPane;
import io.garrison.tenancy.ui.ListState;
import io.garrison.tenancy.ui.Live;
import io.garrison.tenancy.ui.PageHeader;
import io.garrison.tenancy.ui.Screen;
import io.garrison.tenancy.ui.Section;
import jakarta.annotation.security.PermitAll;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One licence of the provider: what of it is allocated, and the tree of who holds it. */
@Route("licences/:licence")
@PageTitle("Licence – Garrison")
@Screen(permission = Permission.LICENSE_VIEW, ofTenant = false)
@PermitAll
class LicenseView extends Composite<Div> implements BeforeEnterObserver {
    private static final long serialVersionUID = 1L;

    private final transient ProviderTools provider;
    private final transient SubLicenseTools tools;
    private final transient ListState state = new ListState();
    private final PoolSection pool = new PoolSection();
    private transient @Nullable LicenseSummary shown;
    private @Nullable HoldingTree tree;

    LicenseView(ProviderTools provider, SubLicenseTools tools) {
        this.provider = provider;
        this.tools = tools;
        getContent().addClassNames("page", "fill");
        Live.keep(this, this::load);
    }

    @Override
    public void beforeEnter(BeforeEnterEvent event) {
        state.read(event.getLocation());
        try {
            show(new LicenseId(
                    UUID.fromString(event.getRouteParameters().get("licence").orElse(""))));
        } catch (IllegalArgumentException | UnknownLicense e) {
            event.rerouteToError(NotFoundException.class);
        }
    }

    void show(LicenseId id) {
        var one = provider.licenses().get(id);
        shown = one;
        var panes = new DetailPane[1];
        var rows = new HoldingTree(provider, id, state, chosen -> open(panes[0], chosen));
        tree = rows;
        panes[0] = new DetailPane(rows, rows.grid::deselectAll);
        rows.grid.addItemDoubleClickListener(click -> {
            if (click.getItem() instanceof TreeNode.OfSubLicense leaf
                    && !leaf.tenant().slug().isEmpty()) {
                getUI().ifPresent(ui -> ui.navigate(HoldingTree.path(leaf)));
            }
        });
        getContent().removeAll();
        getContent().add(header(one), new Section("Licence pool", pool), panes[0]);
        load();
    }

    private PageHeader header(LicenseSummary one) {
        var now = provider.clock().instant();
        var header = new PageHeader(one.mssp())
                .under("Licences", "licences")
                .badges(LicenseWords.badge(one, now))
                .facts(
                        new Span("Until " + LicenseWords.moment(one.validUntil())),
                        new Span(LicenseWords.left(one.validUntil(), now)),
                        new Span("Features: " + LicenseWords.features(one.entitlements())));
        if (provider.scopes().mayInProvider(Permission.LICENSE_MANAGE)) {
            var allocate = new Button("Allocate sub-licence", VaadinIcon.PLUS.create(), click -> allocate(one));
            allocate.addThemeVariants(ButtonVariant.PRIMARY);
            var factors = new Button("Overcommit", click -> overcommit(one));
            factors.addThemeVariants(ButtonVariant.TERTIARY);
            factors.setTooltipText("How many times over this licence may be given away");
            header.actions(factors, allocate);
        }
        return header;
    }

    /** The whole page is made again, because the licence has another version then. */
    private void overcommit(LicenseSummary one) {
        new OvercommitDialog(provider, provider.licenses().get(one.id()), () -> show(one.id())).open();
    }

    private void allocate(LicenseSummary one) {
        new AllocationDialog(provider, tools.subLicenses(), this::load)
                .openIn(one, provider.licenses().list(null, LicensesView.SHOWN));
    }

    private void load() {
        if (shown == null || tree == null) {
            return;
        }
        pool.show(provider.licenses().pool(shown.id()));
        tree.load();
    }

    private void open(DetailPane pane, @Nullable TreeNode chosen) {
        if (chosen != null) {
            pane.show(chosen.name(), new TreeDetail(tools, provider, chosen, this::load));
        } else if (pane.isShown()) {
            pane.hide();
        }
    }
}
