package io.garrison.licensing.ui;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.html.Anchor;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.component.icon.VaadinIcon;
import com.vaadin.flow.component.select.Select;
import com.vaadin.flow.component.textfield.TextField;
import com.vaadin.flow.component.treegrid.TreeGrid;
import com.vaadin.flow.data.value.ValueChangeMode;
import io.garrison.licensing.LicenseHoldings.By;
import io.garrison.licensing.LicenseHoldings.Filter;
import io.garrison.licensing.LicenseId;
import io.garrison.licensing.Metric;
import io.garrison.licensing.SubLicenseState;
import io.garrison.licensing.ui.TreeNode.OfReseller;
import io.garrison.licensing.ui.TreeNode.OfSubLicense;
import io.garrison.licensing.ui.TreeNode.OfTenant;
import io.garrison.tenancy.ui.ListState;
import io.garrison.tenancy.ui.StateBadge;
import io.garrison.tenancy.ui.Units;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Who holds what of a licence: tenants, and below each its sub-licences, which are loaded as they are scrolled to. */
final class HoldingTree extends Div {
    private static final long serialVersionUID = 1L;

    private final transient ProviderTools provider;
    private final transient LicenseId license;
    private final transient ListState state;

    final TreeGrid<TreeNode> grid = new TreeGrid<>();
    private final TreeBranches branches;
    private final TextField text = new TextField();
    private final Select<SubLicenseState> states = new Select<>();
    private final Select<End> ends = new Select<>();
    private final Span count = new Span();

    /** How soon something is over. */
    private enum End {
        IN_30_DAYS("Over or ends in 30 days", 30),
        IN_90_DAYS("Over or ends in 90 days", 90);

        private final String words;
        private final int days;

        End(String words, int days) {
            this.words = words;
            this.days = days;
        }
    }

    HoldingTree(ProviderTools provider, LicenseId license, ListState state, Consumer<@Nullable TreeNode> chosen) {
        this.provider = provider;
        this.license = license;
        this.state = state;
        this.branches = new TreeBranches(provider.holdings(), license);
        addClassName("list");
        columns();
        grid.setDataProvider(branches);
        grid.addClassName("clickable");
        grid.asSingleSelect().addValueChangeListener(change -> chosen.accept(change.getValue()));
        add(filters(), grid);
    }

    private void columns() {
        grid.addComponentHierarchyColumn(this::name)
                .setHeader("Holder")
                .setSortProperty(TreeBranches.NAME)
                .setWidth("230px")
                .setFlexGrow(2);
        grid.addComponentColumn(HoldingTree::state)
                .setHeader("State")
                .setWidth("128px")
                .setFlexGrow(0);
        amount(Metric.INSTANCES, By.INSTANCES, "118px");
        amount(Metric.THROUGHPUT_BPS, By.THROUGHPUT, "128px");
        amount(Metric.VIRTUAL_SERVICES, By.VIRTUAL_SERVICES, "152px");
        grid.addColumn(node -> node.ends() == null ? "–" : LicenseWords.day(node.ends()))
                .setHeader("Ends")
                .setSortProperty(By.END.name())
                .setWidth("118px")
                .setFlexGrow(0);
        grid.addColumn(node -> node.ends() == null
                        ? "–"
                        : LicenseWords.left(node.ends(), provider.clock().instant()))
                .setHeader("Time left")
                .setSortProperty(By.END.name())
                .setWidth("132px")
                .setFlexGrow(0);
    }

    private void amount(Metric metric, By by, String width) {
        grid.addColumn(node -> LicenseWords.quantity(metric, node.held().limit(metric)))
                .setHeader(LicenseWords.name(metric))
                .setSortProperty(by.name())
                .setWidth(width)
                .setFlexGrow(1);
    }

    private Component name(TreeNode node) {
        return switch (node) {
            case OfReseller reseller -> reseller(reseller);
            case OfTenant tenant -> new Span(tenant.name());
            case OfSubLicense leaf ->
                leaf.tenant().slug().isEmpty() ? new Span(leaf.name()) : new Anchor(path(leaf), leaf.name());
        };
    }

    private static Component reseller(OfReseller row) {
        var kind = new Span("reseller");
        kind.addClassName("quiet");
        var line = new Div(new Span(row.name()), kind);
        line.addClassName("row");
        return line;
    }

    static String path(OfSubLicense leaf) {
        return "t/%s/licences/%s".formatted(leaf.tenant().slug(), leaf.one().id());
    }

    private static Component state(TreeNode node) {
        return switch (node) {
            case OfReseller row -> new Span(Units.count(row.tenants().size(), "tenant", "tenants"));
            case OfTenant tenant -> new Span(Units.count(tenant.subLicenses(), "sub-licence", "sub-licences"));
            case OfSubLicense leaf -> LicenseWords.badge(leaf.one().state());
        };
    }

    private Div filters() {
        text.setPlaceholder("Reseller or tenant");
        text.setAriaLabel("Filter by reseller or tenant");
        text.setPrefixComponent(VaadinIcon.SEARCH.create());
        text.setClearButtonVisible(true);
        text.setValueChangeMode(ValueChangeMode.LAZY);
        text.setValue(state.get("q").orElse(""));
        text.addValueChangeListener(change -> filtered("q", change.getValue()));
        choice(states, "Any state", SubLicenseState.values());
        states.setItemLabelGenerator(one -> one == null ? "Any state" : StateBadge.words(one));
        states.setValue(state.get("state", SubLicenseState.class).orElse(null));
        states.addValueChangeListener(change -> filtered(
                "state", change.getValue() == null ? "" : change.getValue().name()));
        choice(ends, "Any end", End.values());
        ends.setItemLabelGenerator(one -> one == null ? "Any end" : one.words);
        ends.setValue(state.get("ends", End.class).orElse(null));
        ends.addValueChangeListener(change -> filtered(
                "ends", change.getValue() == null ? "" : change.getValue().name()));
        count.addClassName("count");
        var bar = new Div(text, states, ends, count);
        bar.addClassName("filters");
        return bar;
    }

    private static <E> void choice(Select<E> select, String any, E[] values) {
        select.setAriaLabel(any);
        select.setItems(values);
        select.setEmptySelectionAllowed(true);
        select.setEmptySelectionCaption(any);
        select.setPlaceholder(any);
    }

    private void filtered(String name, String value) {
        state.put(name, value);
        load();
    }

    private Filter filter() {
        var hour = provider.clock().instant().truncatedTo(ChronoUnit.HOURS); // the same filter for a while
        Instant before = ends.getValue() == null ? null : hour.plus(Duration.ofDays(ends.getValue().days));
        return new Filter(states.getValue(), before);
    }

    /** What is expanded stays so. */
    void load() {
        var filter = filter();
        var rows = TreeRoots.of(provider, license, filter, text.getValue());
        var changed = branches.show(rows.nodes(), filter);
        count.setText("%s, %s"
                .formatted(
                        Units.count(rows.tenants(), "tenant", "tenants"),
                        Units.count(rows.subLicenses(), "sub-licence", "sub-licences")));
        if (changed && rows.nodes().size() == 1) {
            grid.expand(rows.nodes());
        }
    }
}
