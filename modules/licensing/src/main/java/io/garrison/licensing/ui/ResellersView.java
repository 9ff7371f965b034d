package io.garrison.licensing.ui;

import com.vaadin.flow.component.Composite;
import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.grid.Grid;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.icon.VaadinIcon;
import com.vaadin.flow.router.BeforeEnterEvent;
import com.vaadin.flow.router.BeforeEnterObserver;
import com.vaadin.flow.router.PageTitle;
import com.vaadin.flow.router.Route;
import io.garrison.tenancy.Permission;
import io.garrison.tenancy.ResellerId;
import io.garrison.tenancy.ResellerState;
import io.garrison.tenancy.ResellerSummary;
import io.garrison.tenancy.ui.Ago;
import io.garrison.tenancy.ui.DetailPane;
import io.garrison.tenancy.ui.EmptyState;
import io.garrison.tenancy.ui.ListState;
import io.garrison.tenancy.ui.NameFilter;
import io.garrison.tenancy.ui.PageHeader;
import io.garrison.tenancy.ui.Screen;
import io.garrison.tenancy.ui.Signal;
import io.garrison.tenancy.ui.StateBadge;
import io.garrison.tenancy.ui.Units;
import jakarta.annotation.security.PermitAll;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The provider's resellers, and the parts of licences that they have. */
@Route("resellers")
@PageTitle("Resellers – Garrison")
@Screen(
        menu = "Resellers",
        icon = VaadinIcon.HANDSHAKE,
        order = 44,
        permission = Permission.LICENSE_VIEW,
        ofTenant = false)
@PermitAll
class ResellersView extends Composite<Div> implements BeforeEnterObserver {
    private static final long serialVersionUID = 1L;

    private final transient ProviderTools provider;
    private final transient ListState state = new ListState();
    private transient List<ResellerSummary> all = List.of();
    private transient Map<ResellerId, Integer> tenants = Map.of();

    final Grid<ResellerSummary> grid = new Grid<>();
    private final NameFilter filter = new NameFilter(state, "Name or short name", this::filter);
    private final DetailPane pane;

    ResellersView(ProviderTools provider) {
        this.provider = provider;
        columns();
        var list = new Div(filter, grid);
        list.addClassName("list");
        pane = new DetailPane(list, grid::deselectAll);
        getContent().addClassNames("page", "fill");
    }

    private void columns() {
        grid.addColumn(ResellerSummary::name)
                .setHeader("Reseller")
                .setFlexGrow(2)
                .setSortable(true);
        grid.addColumn(ResellerSummary::slug)
                .setHeader("Short name")
                .setAutoWidth(true)
                .setSortable(true);
        grid.addComponentColumn(one -> badge(one.state()))
                .setHeader("State")
                .setAutoWidth(true)
                .setComparator(ResellerSummary::state);
        grid.addColumn(one -> Units.count(tenants.getOrDefault(one.id(), 0), "tenant", "tenants"))
                .setHeader("Tenants")
                .setAutoWidth(true)
                .setComparator(one -> tenants.getOrDefault(one.id(), 0));
        grid.addColumn(Ago.<ResellerSummary>column(ResellerSummary::createdAt, false))
                .setHeader("Created")
                .setAutoWidth(true)
                .setComparator(ResellerSummary::createdAt);
        grid.addClassName("clickable");
        grid.asSingleSelect().addValueChangeListener(change -> open(change.getValue()));
    }

    static StateBadge badge(ResellerState state) {
        return switch (state) {
            case ACTIVE -> new StateBadge(Signal.GOOD, "Active");
            case SUSPENDED ->
                new StateBadge(Signal.SPECIAL, "Suspended")
                        .because("Nothing new is given to it or cut from what it has. Traffic flows.");
        };
    }

    @Override
    public void beforeEnter(BeforeEnterEvent event) {
        state.read(event.getLocation());
        filter.read();
        lay();
    }

    void lay() {
        load();
        var header = new PageHeader("Resellers");
        var create = new Button(
                "Create reseller",
                VaadinIcon.PLUS.create(),
                click -> new ResellerDialog(provider.resellers(), this::lay).open());
        create.addThemeVariants(ButtonVariant.PRIMARY);
        create.setVisible(provider.scopes().mayInProvider(Permission.TENANT_MANAGE));
        getContent().removeAll();
        getContent().add(header);
        if (all.isEmpty()) {
            getContent()
                    .add(new EmptyState(
                            VaadinIcon.HANDSHAKE,
                            "No reseller",
                            "A reseller has tenants of its own, which draw from the part of a licence that it has.",
                            create));
            return;
        }
        header.actions(create);
        getContent().add(pane);
        filter();
    }

    private void load() {
        all = provider.allResellers();
        Map<ResellerId, Integer> counted = new HashMap<>();
        provider.workspace().available().forEach(tenant -> {
            if (tenant.resellerId() != null) {
                counted.merge(tenant.resellerId(), 1, Integer::sum);
            }
        });
        tenants = counted;
    }

    private void filter() {
        var shown =
                all.stream().filter(one -> filter.takes(one.name(), one.slug())).toList();
        grid.setItems(shown);
        filter.count(shown.size(), all.size(), "reseller", "resellers");
    }

    private void open(@Nullable ResellerSummary one) {
        if (one != null) {
            pane.show(one.name(), new ResellerDetail(provider, one, this::changed));
        } else if (pane.isShown()) {
            pane.hide();
        }
    }

    private void changed() {
        pane.hide();
        lay();
    }
}
