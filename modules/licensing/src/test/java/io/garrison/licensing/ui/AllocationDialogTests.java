package io.garrison.licensing.ui;

import static org.assertj.core.api.Assertions.assertThat;

import com.vaadin.browserless.BrowserlessTest;
import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.combobox.ComboBox;
import com.vaadin.flow.component.dialog.Dialog;
import com.vaadin.flow.component.select.Select;
import com.vaadin.flow.component.textfield.NumberField;
import io.garrison.licensing.Entitlements;
import io.garrison.licensing.LicenseException.PoolExhausted;
import io.garrison.licensing.LicenseSummary;
import io.garrison.licensing.Metric;
import io.garrison.licensing.Overage;
import io.garrison.licensing.Overages;
import io.garrison.licensing.PlanManagement.PlanTerms;
import io.garrison.licensing.PlanSummary;
import io.garrison.licensing.SubLicenseAdministration.Allocation;
import io.garrison.tenancy.Role;
import io.garrison.tenancy.TenantSummary;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AllocationDialogTests extends BrowserlessTest {

    private final FakeSubLicenses subLicenses = new FakeSubLicenses();
    private final FakePlans plans = new FakePlans(subLicenses);
    private final FakeHouse house = new FakeHouse(Role.PLATFORM_ADMIN);
    private final TenantSummary tenant = house.tenant("Nordwind", "nordwind");
    private final LicenseSummary license = house.license("Seeblick", 8);

    @Override
    protected Set<String> scanPackages() {
        return Set.of("io.garrison.nothing");
    }

    private void open() {
        dialog().openFor(house.of(tenant.slug()), List.copyOf(house.licenses));
    }

    private AllocationDialog dialog() {
        return new AllocationDialog(house.tools(plans), subLicenses, () -> {});
    }

    @Test
    void showsWhatIsLeftWhileItIsTyped() {
        open();
        assertThat(words()).contains("92 of 100 instances allocated").contains("7 instances free after this");

        type("Instances", 6.0);

        assertThat(words()).contains("2 instances free after this").contains("Beyond 6 instances one more is refused.");
    }

    @Test
    void saysWhichOtherPoolHasRoomWhenThisOneHasNot() {
        house.license("Bergblick", 50);
        open();

        type("Instances", 20.0);
        assertThat(words())
                .contains("12 instances more than is free")
                .contains("There is room for it in the licence pool of: Bergblick, until");

        type("Instances", 80.0);
        assertThat(words()).contains("No other licence pool has room for it.");
    }

    @Test
    void allocatesByHandWithARuleForWhatGoesBeyond() {
        open();
        type("Instances", 5.0);
        beyond().setValue(Overage.Policy.CEILING);
        type("Ceiling", 7.0);
        assertThat(words()).contains("more are allowed up to 7 instances");

        click("Allocate");

        assertThat(subLicenses.asked).singleElement().isInstanceOfSatisfying(Allocation.class, asked -> {
            assertThat(asked.licenseId()).isEqualTo(license.id());
            assertThat(asked.validFrom()).isEqualTo(FakeHouse.NOW);
            assertThat(asked.entitlements().instances()).isEqualTo(5);
            assertThat(asked.entitlements().throughputBps()).isEqualTo(100_000_000);
            assertThat(asked.overages().of(Metric.INSTANCES)).isEqualTo(Overage.upTo(7));
            assertThat(asked.graceDays()).isEqualTo(14);
        });
    }

    @Test
    void copiesTheTermsOfAPlanAndAllocatesByIt() {
        var plan = plans.create(new PlanTerms(
                "Silver",
                new Entitlements(3, 300_000_000, 30, Set.of("waf")),
                new Overages(Map.of(Metric.INSTANCES, new Overage(Overage.Policy.BILL, null))),
                21,
                90));
        open();

        choose(plan);

        var field = find(NumberField.class).withLabel("Instances").single();
        assertThat(field.getValue()).isEqualTo(3.0);
        assertThat(field.isReadOnly()).isTrue();
        click("Allocate");
        assertThat(plans.allocated).containsExactly(plan.id());
        assertThat(subLicenses.asked).isEmpty();
    }

    @Test
    void tellsAtTheFieldThatThePoolHasLess() {
        subLicenses.refuse = new PoolExhausted("entitlements", Metric.INSTANCES, "20", "8");
        open();
        type("Instances", 20.0);

        click("Allocate");

        var field = find(NumberField.class).withLabel("Instances").single();
        assertThat(Texts.plain(field.getErrorMessage())).isEqualTo("Asked 20 instances, free 8 instances");
        assertThat(field.getValue()).isEqualTo(20.0);
        assertThat(find(Dialog.class).exists()).isTrue();
    }

    @Test
    void asksWhoGetsItWhereThatIsNotKnown() {
        dialog().openIn(license, List.of(license));

        click("Allocate");

        assertThat(find(ComboBox.class).single().isInvalid()).isTrue();
        assertThat(subLicenses.asked).isEmpty();
    }

    private void type(String label, Double value) {
        test(find(NumberField.class).withLabel(label).single()).setValue(value);
    }

    private void click(String words) {
        test(find(Button.class).withText(words).single()).click();
    }

    @SuppressWarnings("unchecked")
    private Select<Overage.Policy> beyond() {
        return find(Select.class).withLabel("Beyond it").all().getFirst();
    }

    @SuppressWarnings("unchecked")
    private void choose(PlanSummary plan) {
        ((Select<PlanSummary>) find(Select.class).withLabel("Terms").single()).setValue(plan);
    }

    private String words() {
        return Texts.of(find(Dialog.class).single());
    }
}
