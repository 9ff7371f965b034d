package io.garrison.licensing.ui;

import com.vaadin.flow.data.provider.QuerySortOrder;
import com.vaadin.flow.data.provider.SortDirection;
import com.vaadin.flow.data.provider.hierarchy.AbstractBackEndHierarchicalDataProvider;
import com.vaadin.flow.data.provider.hierarchy.HierarchicalQuery;
import io.garrison.licensing.LicenseHoldings;
import io.garrison.licensing.LicenseHoldings.Branch;
import io.garrison.licensing.LicenseHoldings.By;
import io.garrison.licensing.LicenseHoldings.Filter;
import io.garrison.licensing.LicenseHoldings.Order;
import io.garrison.licensing.LicenseId;
import io.garrison.licensing.ui.TreeNode.OfReseller;
import io.garrison.licensing.ui.TreeNode.OfSubLicense;
import io.garrison.licensing.ui.TreeNode.OfTenant;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The rows of a licence's tree: resellers with their tenants, the provider's own tenants, and below each tenant, as they
 * are scrolled to, its sub-licences.
 */
final class TreeBranches extends AbstractBackEndHierarchicalDataProvider<TreeNode, Void> {
    private static final long serialVersionUID = 1L;

    static final String NAME = "name";

    private final transient LicenseHoldings holdings;
    private final transient LicenseId license;
    private transient List<TreeNode> roots = List.of();
    private transient Filter filter = Filter.ALL;

    TreeBranches(LicenseHoldings holdings, LicenseId license) {
        this.holdings = holdings;
        this.license = license;
    }

    /**
     * Leaves the rows as they are if nothing has changed, so that they do not jump.
     *
     * @param wanted resellers and tenants, with as many sub-licences as the filter lets through
     * @return whether something has
     */
    boolean show(List<TreeNode> wanted, Filter by) {
        if (wanted.equals(roots) && by.equals(filter)) {
            return false;
        }
        roots = List.copyOf(wanted);
        filter = by;
        refreshAll();
        return true;
    }

    @Override
    public Object getId(TreeNode node) {
        return node.key();
    }

    @Override
    public boolean isInMemory() {
        return false;
    }

    @Override
    public boolean hasChildren(TreeNode node) {
        return switch (node) {
            case OfReseller reseller -> !reseller.tenants().isEmpty();
            case OfTenant tenant -> true;
            case OfSubLicense leaf -> false;
        };
    }

    @Override
    public int getChildCount(HierarchicalQuery<TreeNode, Void> query) {
        return switch (query.getParent()) {
            case null -> roots.size();
            case OfReseller reseller -> reseller.tenants().size();
            case OfTenant tenant ->
                (int) Math.min(Integer.MAX_VALUE, tenant.holding().subLicenses());
            case OfSubLicense leaf -> 0;
        };
    }

    @Override
    protected Stream<TreeNode> fetchChildrenFromBackEnd(HierarchicalQuery<TreeNode, Void> query) {
        return switch (query.getParent()) {
            case null -> page(roots, query);
            case OfReseller reseller -> page(reseller.tenants(), query);
            case OfTenant tenant ->
                holdings
                        .subLicenses(
                                new Branch(
                                        license,
                                        tenant.holding().tenant(),
                                        tenant.holding().allotment()),
                                filter,
                                order(query.getSortOrders()),
                                query.getOffset(),
                                query.getLimit())
                        .stream()
                        .map(one -> new OfSubLicense(one, tenant));
            case OfSubLicense leaf -> Stream.empty();
        };
    }

    private static Stream<TreeNode> page(List<? extends TreeNode> rows, HierarchicalQuery<TreeNode, Void> query) {
        return rows.stream()
                .map(TreeNode.class::cast)
                .sorted(comparator(query.getSortOrders()))
                .skip(query.getOffset())
                .limit(query.getLimit());
    }

    private static Order order(List<QuerySortOrder> asked) {
        return asked.stream()
                .filter(order -> !order.getSorted().equals(NAME))
                .findFirst()
                .map(order ->
                        new Order(By.valueOf(order.getSorted()), order.getDirection() == SortDirection.DESCENDING))
                .orElse(Order.NEWEST);
    }

    private static Comparator<TreeNode> comparator(List<QuerySortOrder> asked) {
        Comparator<TreeNode> byName = Comparator.comparing(TreeNode::name, String.CASE_INSENSITIVE_ORDER);
        return asked.stream()
                .findFirst()
                .map(order -> order.getDirection() == SortDirection.DESCENDING
                        ? by(order.getSorted()).reversed()
                        : by(order.getSorted()))
                .orElse(Comparator.<TreeNode, Boolean>comparing(node -> !(node instanceof OfReseller))
                        .thenComparing(byName))
                .thenComparing(byName)
                .thenComparing(TreeNode::key);
    }

    private static Comparator<TreeNode> by(String column) {
        if (column.equals(NAME)) {
            return Comparator.comparing(TreeNode::name, String.CASE_INSENSITIVE_ORDER);
        }
        return switch (By.valueOf(column)) {
            case END -> Comparator.comparing(node -> node.ends() == null ? Instant.MAX : node.ends());
            case INSTANCES -> Comparator.comparingLong(node -> node.held().instances());
            case THROUGHPUT -> Comparator.comparingLong(node -> node.held().throughputBps());
            case VIRTUAL_SERVICES ->
                Comparator.comparingLong(node -> node.held().virtualServices());
            case CREATED -> Comparator.comparingLong(node -> node.subLicenses());
        };
    }
}
