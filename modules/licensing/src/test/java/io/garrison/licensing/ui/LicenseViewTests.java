package io.garrison.licensing.ui;

import static org.assertj.core.api.Assertions.assertThat;

import com.vaadin.browserless.BrowserlessTest;
import com.vaadin.flow.component.UI;
import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.dialog.Dialog;
import com.vaadin.flow.component.textfield.NumberField;
import com.vaadin.flow.component.textfield.TextField;
import com.vaadin.flow.data.provider.hierarchy.HierarchicalQuery;
import io.garrison.licensing.AllotmentAdministration.Portion;
import io.garrison.licensing.Entitlements;
import io.garrison.licensing.Factor;
import io.garrison.licensing.LicenseSummary;
import io.garrison.licensing.Metric;
import io.garrison.licensing.Overcommit;
import io.garrison.licensing.SubLicenseState;
import io.garrison.tenancy.Role;
import io.garrison.tenancy.ui.ListState;
import java.math.BigDecimal;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LicenseViewTests extends BrowserlessTest {

    private final FakeSubLicenses subLicenses = new FakeSubLicenses();
    private FakeHouse house = new FakeHouse(Role.PLATFORM_ADMIN);
    private LicenseSummary license = house.license("Seeblick", 90);

    @Override
    protected Set<String> scanPackages() {
        return Set.of("io.garrison.nothing");
    }

    @BeforeEach
    void fill() {
        as(Role.PLATFORM_ADMIN);
    }

    private void as(Role role) {
        house = new FakeHouse(role);
        license = house.license("Seeblick", 90);
        var many = house.tenant("Zeppelin Werke", "zeppelin");
        var few = house.tenant("Alpenland", "alpenland");
        house.held.put(many.id(), all(1_000));
        house.held.put(few.id(), all(2));
    }

    private List<io.garrison.licensing.SubLicenseSummary> all(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> subLicenses.add(license.id(), SubLicenseState.ACTIVE))
                .toList();
    }

    private HoldingTree tree() {
        var tree =
                new HoldingTree(house.tools(new FakePlans(subLicenses)), license.id(), new ListState(), chosen -> {});
        UI.getCurrent().add(tree);
        tree.load();
        return tree;
    }

    @Test
    void showsTenantsByNameAndLoadsNoSubLicence() {
        var tree = tree();

        assertThat(children(tree, null, 0, 50))
                .extracting(TreeNode::name)
                .containsExactly("Alpenland", "Zeppelin Werke");
        assertThat(Texts.of(tree)).contains("2 tenants, 1 002 sub-licences");
        assertThat(house.fetched).isZero();
    }

    @Test
    void loadsAPageOfAThousandSubLicences() {
        var tree = tree();
        var many = children(tree, null, 0, 50).getLast();

        assertThat(tree.grid.getDataProvider().getChildCount(new HierarchicalQuery<>(null, many)))
                .isEqualTo(1_000);
        assertThat(children(tree, many, 500, 50)).hasSize(50);
        assertThat(house.fetched).isEqualTo(50);
    }

    @Test
    void hangsTheTenantsOfAResellerBelowIt() {
        var reseller = house.resellers.add("Mittelland Partner", "mittelland");
        house.resellers.allot(
                reseller.id(),
                license.id(),
                new Portion(new Entitlements(20, 1_000_000_000, 50, Set.of()), Overcommit.NONE));
        var below = house.tenant("Gipfel", "gipfel", reseller.id());
        house.held.put(below.id(), all(3));
        var tree = tree();

        var roots = children(tree, null, 0, 50);
        assertThat(roots)
                .extracting(TreeNode::name)
                .containsExactly("Mittelland Partner", "Alpenland", "Zeppelin Werke");
        assertThat(roots.getFirst().held().instances()).isEqualTo(20);
        var twigs = children(tree, roots.getFirst(), 0, 50);
        assertThat(twigs).extracting(TreeNode::name).containsExactly("Gipfel");
        assertThat(children(tree, twigs.getFirst(), 0, 50)).hasSize(3);
        assertThat(Texts.of(tree)).contains("3 tenants, 1 005 sub-licences");
    }

    @Test
    void findsATenantByItsName() {
        var tree = tree();

        test(find(TextField.class).single()).setValue("alpen");

        assertThat(children(tree, null, 0, 50)).extracting(TreeNode::name).containsExactly("Alpenland");
        assertThat(Texts.of(tree)).contains("1 tenant, 2 sub-licences");
    }

    @Test
    void drawsThePoolMetricByMetricAndOffersToAllocate() {
        open();

        assertThat(Texts.of(UI.getCurrent()))
                .contains("10 of 100 instances allocated")
                .contains("90 instances free")
                .contains("1 000 of 10 000 Mbit/s allocated")
                .contains("700 days left");
        assertThat(find(Button.class).withText("Allocate sub-licence").exists()).isTrue();
    }

    @Test
    void offersNothingToWhoMayOnlyLook() {
        as(Role.BILLING_CLERK);
        open();

        assertThat(find(Button.class).withText("Allocate sub-licence").exists()).isFalse();
    }

    @Test
    void saysHowFarAPoolIsOverItsLimit() {
        var pool = PoolBar.of(
                new io.garrison.licensing.LicensePool.Count(io.garrison.licensing.Metric.INSTANCES, 100, 103, -3));

        assertThat(Texts.of(pool)).contains("103 of 100 instances allocated").contains("3 instances over the limit");
    }

    private void open() {
        var view = new LicenseView(house.tools(new FakePlans(subLicenses)), subLicenses.tools());
        view.show(license.id());
        UI.getCurrent().add(view);
    }

    private static List<TreeNode> children(
            HoldingTree tree, @org.jspecify.annotations.Nullable TreeNode parent, int offset, int limit) {
        return tree.grid
                .getDataProvider()
                .fetchChildren(new HierarchicalQuery<>(offset, limit, List.of(), null, null, parent))
                .toList();
    }

    @Test
    void saysWhatAFactorWouldAllowAndKeepsIt() {
        new OvercommitDialog(house.tools(new FakePlans(subLicenses)), license, () -> {}).open();
        test(find(NumberField.class).withLabel("Given on (times)").all().getFirst())
                .setValue(1.5);

        assertThat(Texts.of(find(Dialog.class).single()))
                .contains("Instances: 150 instances may be given away, 50 instances more than now")
                .contains("140 instances free");
        test(find(Button.class).withText("Save factors").single()).click();

        assertThat(house.licenses.getFirst().overcommit().of(Metric.INSTANCES))
                .isEqualTo(new Factor(new BigDecimal("1.5")));
    }
}
