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
import io.garrison.licensing.Metric;
import io.garrison.licensing.PlanSummary;
import io.garrison.tenancy.Permission;
import io.garrison.tenancy.ui.Ago;
import io.garrison.tenancy.ui.DetailPane;
import io.garrison.tenancy.ui.EmptyState;
import io.garrison.tenancy.ui.ListState;
import io.garrison.tenancy.ui.NameFilter;
import io.garrison.tenancy.ui.PageHeader;
import io.garrison.tenancy.ui.Screen;
import jakarta.annotation.security.PermitAll;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The provider's plans: reusable terms that sub-licences are cut from. */
@Route("plans")
@PageTitle("Plans – Garrison")
@Screen(menu = "Plans", icon = VaadinIcon.TAGS, order = 42, permission = Permission.LICENSE_MANAGE, ofTenant = false)
@PermitAll
class PlansView extends Composite<Div> implements BeforeEnterObserver {
    private static final long serialVersionUID = 1L;

    private static final int PAGE = 500;
    private static final int MOST = 5_000;

    private final transient ProviderTools provider;
    private final transient ListState state = new ListState();
    private transient List<PlanSummary> all = List.of();

    final Grid<PlanSummary> grid = new Grid<>();
    private final NameFilter filter = new NameFilter(state, "Name", this::filter);
    private final DetailPane pane;

    PlansView(ProviderTools provider) {
        this.provider = provider;
        columns();
        var list = new Div(filter, grid);
        list.addClassName("list");
        pane = new DetailPane(list, grid::deselectAll);
        getContent().addClassNames("page", "fill");
    }

    private void columns() {
        grid.addColumn(plan -> plan.terms().name())
                .setHeader("Plan")
                .setComparator(plan -> plan.terms().name().toLowerCase(Locale.ROOT))
                .setFlexGrow(2)
                .setAutoWidth(true);
        for (var metric : LicenseWords.COUNTED) {
            amount(metric);
        }
        grid.addColumn(plan -> LicenseWords.days(plan.terms().termDays()))
                .setHeader("Term")
                .setComparator(plan -> plan.terms().termDays())
                .setAutoWidth(true);
        grid.addColumn(plan -> LicenseWords.days(plan.terms().graceDays()))
                .setHeader("Grace")
                .setComparator(plan -> plan.terms().graceDays())
                .setAutoWidth(true);
        grid.addColumn(PlanSummary::version)
                .setHeader("Version")
                .setSortable(true)
                .setAutoWidth(true);
        grid.addColumn(Ago.<PlanSummary>column(PlanSummary::changedAt, false))
                .setHeader("Changed")
                .setComparator(PlanSummary::changedAt)
                .setAutoWidth(true);
        grid.addClassName("clickable");
        grid.asSingleSelect().addValueChangeListener(change -> open(change.getValue()));
    }

    private void amount(Metric metric) {
        grid.addColumn(plan -> LicenseWords.quantity(
                        metric, plan.terms().entitlements().limit(metric)))
                .setHeader(LicenseWords.name(metric))
                .setComparator(plan -> plan.terms().entitlements().limit(metric))
                .setAutoWidth(true);
    }

    @Override
    public void beforeEnter(BeforeEnterEvent event) {
        state.read(event.getLocation());
        filter.read();
        lay();
    }

    void lay() {
        all = load();
        var header = new PageHeader("Plans");
        var create = new Button(
                "Create plan",
                VaadinIcon.PLUS.create(),
                click -> new PlanDialog(provider.plans(), this::lay).create(features()));
        create.addThemeVariants(ButtonVariant.PRIMARY);
        getContent().removeAll();
        getContent().add(header);
        if (all.isEmpty()) {
            getContent()
                    .add(new EmptyState(
                            VaadinIcon.TAGS,
                            "No plan yet",
                            "A plan is a set of terms with a name that sub-licences are cut from, so that all customers of"
                                    + " one product get the same.",
                            create));
            return;
        }
        header.actions(create);
        getContent().add(pane);
        filter();
    }

    private List<PlanSummary> load() {
        List<PlanSummary> found = new ArrayList<>();
        while (found.size() < MOST) {
            var page = provider.plans()
                    .list(found.isEmpty() ? null : found.getLast().id(), PAGE);
            found.addAll(page);
            if (page.size() < PAGE) {
                break;
            }
        }
        return found;
    }

    private void filter() {
        var shown =
                all.stream().filter(plan -> filter.takes(plan.terms().name())).toList();
        grid.setItems(shown);
        filter.count(shown.size(), all.size(), "plan", "plans");
    }

    /** Of all licences that are loaded. */
    private Set<String> features() {
        var names = new TreeSet<String>();
        provider.licenses()
                .list(null, LicensesView.SHOWN)
                .forEach(one -> names.addAll(one.entitlements().features()));
        return names;
    }

    private void open(@Nullable PlanSummary plan) {
        if (plan != null) {
            pane.show(plan.terms().name(), new PlanDetail(provider, plan, features(), this::changed));
        } else if (pane.isShown()) {
            pane.hide();
        }
    }

    private void changed() {
        pane.hide();
        lay();
    }
}
