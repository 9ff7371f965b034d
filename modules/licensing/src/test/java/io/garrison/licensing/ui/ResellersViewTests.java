package io.garrison.licensing.ui;

import static org.assertj.core.api.Assertions.assertThat;

import com.vaadin.browserless.BrowserlessTest;
import com.vaadin.flow.component.UI;
import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.combobox.ComboBox;
import com.vaadin.flow.component.dialog.Dialog;
import com.vaadin.flow.component.textfield.EmailField;
import com.vaadin.flow.component.textfield.NumberField;
import com.vaadin.flow.component.textfield.TextField;
import io.garrison.licensing.AllotmentAdministration.Portion;
import io.garrison.licensing.Entitlements;
import io.garrison.licensing.Factor;
import io.garrison.licensing.LicenseException.PoolExhausted;
import io.garrison.licensing.LicensePool.Count;
import io.garrison.licensing.LicenseSummary;
import io.garrison.licensing.Metric;
import io.garrison.licensing.Overcommit;
import io.garrison.tenancy.ResellerState;
import io.garrison.tenancy.Role;
import io.garrison.tenancy.TenancyException;
import java.math.BigDecimal;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ResellersViewTests extends BrowserlessTest {

    private FakeHouse house = new FakeHouse(Role.PLATFORM_ADMIN);
    private LicenseSummary license = house.license("Seeblick", 90);

    @Override
    protected Set<String> scanPackages() {
        return Set.of("io.garrison.nothing");
    }

    @BeforeEach
    void signIn() {
        as(Role.PLATFORM_ADMIN);
    }

    private void as(Role role) {
        house = new FakeHouse(role);
        license = house.license("Seeblick", 90);
    }

    private ResellersView open() {
        var view = new ResellersView(house.tools(new FakePlans(new FakeSubLicenses())));
        UI.getCurrent().add(view);
        view.lay();
        return view;
    }

    private void choose(ResellersView view) {
        view.grid.select(house.resellers.all.getFirst());
    }

    @Test
    void makesAReseller() {
        open();
        assertThat(Texts.of(UI.getCurrent())).contains("No reseller");
        click("Create reseller");
        test(find(TextField.class).withLabel("Name").single()).setValue("Alpen Partner");
        test(find(TextField.class).withLabel("Short name").single()).setValue("alpen");
        test(find(EmailField.class).single()).setValue("it@alpen.example");

        test(find(Button.class).withText("Create reseller").last()).click();

        assertThat(house.resellers.all)
                .singleElement()
                .satisfies(made -> assertThat(made.slug()).isEqualTo("alpen"));
    }

    @Test
    void allotsAPartAndShowsWhatThatLeaves() {
        house.resellers.add("Alpen Partner", "alpen");
        var view = open();
        choose(view);
        assertThat(Texts.of(find(ResellerDetail.class).single())).contains("It has no part of a licence");
        click("Allot a part");
        test(find(NumberField.class).withLabel("Instances").single()).setValue(20.0);
        assertThat(Texts.of(find(Dialog.class).single())).contains("70 instances free after this");
        test(find(NumberField.class).withLabel("Given on (times)").all().getFirst())
                .setValue(1.5);

        click("Allot");

        assertThat(house.resellers.parts).singleElement().satisfies(part -> {
            assertThat(part.licenseId()).isEqualTo(license.id());
            assertThat(part.entitlements().instances()).isEqualTo(20);
            assertThat(part.entitlements().features()).containsExactly("adc", "waf");
            assertThat(part.overcommit().of(Metric.INSTANCES)).isEqualTo(new Factor(new BigDecimal("1.5")));
        });
    }

    @Test
    void marksTheFieldWhenThePoolHasLess() {
        house.resellers.add("Alpen Partner", "alpen");
        house.resellers.refuse = new PoolExhausted("entitlements", Metric.INSTANCES, "200", "90");
        choose(open());
        click("Allot a part");
        test(find(NumberField.class).withLabel("Instances").single()).setValue(200.0);

        click("Allot");

        assertThat(Texts.plain(
                        find(NumberField.class).withLabel("Instances").single().getErrorMessage()))
                .isEqualTo("Asked 200 instances, free 90 instances");
    }

    @Test
    void refusesAFactorThatIsNone() {
        house.resellers.add("Alpen Partner", "alpen");
        choose(open());
        click("Allot a part");
        test(find(NumberField.class).withLabel("Given on (times)").all().getFirst())
                .setValue(1.005);

        click("Allot");

        assertThat(find(NumberField.class)
                        .withLabel("Given on (times)")
                        .all()
                        .getFirst()
                        .getErrorMessage())
                .contains("two decimals");
        assertThat(house.resellers.parts).isEmpty();
    }

    @Test
    void suspendsAReseller() {
        house.resellers.add("Alpen Partner", "alpen");
        choose(open());

        click("Suspend");

        assertThat(house.resellers.all)
                .singleElement()
                .satisfies(one -> assertThat(one.state()).isEqualTo(ResellerState.SUSPENDED));
    }

    @Test
    void offersNothingToWhoMayOnlyLook() {
        as(Role.AUDITOR);
        house.resellers.add("Alpen Partner", "alpen");
        choose(open());

        assertThat(find(Button.class).all().stream().map(Button::getText).toList())
                .doesNotContain(
                        "Create reseller",
                        "Allot a part",
                        "Suspend",
                        "Delete",
                        "Place a tenant here",
                        "Take back",
                        "Resize part",
                        "Release part");
    }

    @Test
    void placesATenantAndTakesItBack() {
        house.resellers.add("Alpen Partner", "alpen");
        house.tenant("Gipfel", "gipfel");
        choose(open());
        assertThat(Texts.of(find(ResellerDetail.class).single())).contains("No tenant belongs to it");
        click("Place a tenant here");
        test(find(ComboBox.class).withLabel("Tenant").single()).selectItem("Gipfel (gipfel)");
        click("Place tenant");
        assertThat(house.tenants.getFirst().resellerId())
                .isEqualTo(house.resellers.all.getFirst().id());

        choose(open());
        house.placements.refuse = new TenancyException.TenantTied(2);
        click("Take back");
        assertThat(Texts.of(find(ResellerDetail.class).single())).contains("Gipfel: The tenant holds 2 sub-licences");
        house.placements.refuse = null;
        click("Take back");

        assertThat(house.tenants.getFirst().resellerId()).isNull();
    }

    @Test
    void tellsWhatStandsInTheWayOfDeletingAReseller() {
        var reseller = house.resellers.add("Alpen Partner", "alpen");
        house.tenant("Gipfel", "gipfel", reseller.id());
        choose(open());

        click("Delete");

        assertThat(Texts.of(find(Dialog.class).single()))
                .contains("This stands in the way")
                .contains("1 tenant belongs to it: Gipfel");
        assertThat(house.resellers.all).hasSize(1);
    }

    @Test
    void deletesAResellerOnceItsNameIsTyped() {
        house.resellers.add("Alpen Partner", "alpen");
        choose(open());
        click("Delete");
        test(find(TextField.class).withLabel("Type “alpen” to confirm").single())
                .setValue("alpen");

        click("Delete reseller");

        assertThat(house.resellers.all).isEmpty();
    }

    @Test
    void drawsAPoolThatMayBeGivenAwayMoreThanOnce() {
        var pool = PoolBar.of(new Count(Metric.INSTANCES, 100, new Factor(new BigDecimal("1.50")), 120, 30));

        assertThat(Texts.of(pool))
                .contains("120 of 150 instances allocated, which is 100 instances × 1.50")
                .contains("30 instances free");
    }

    @Test
    void letsATenantOfAResellerDrawFromItsPart() {
        var reseller = house.resellers.add("Alpen Partner", "alpen");
        var tenant = house.tenant("Gipfel", "gipfel", reseller.id());
        house.resellers.allot(
                reseller.id(),
                license.id(),
                new Portion(new Entitlements(20, 1_000_000_000, 50, Set.of()), Overcommit.NONE));
        var dialog = new AllocationDialog(
                house.tools(new FakePlans(new FakeSubLicenses())), new FakeSubLicenses(), () -> {});

        dialog.openFor(house.of(tenant.slug()), List.copyOf(house.licenses));

        assertThat(Texts.of(find(Dialog.class).single())).contains("2 instances free after this");
    }

    @Test
    void saysThatAResellerHasNothingOfTheLicence() {
        var reseller = house.resellers.add("Alpen Partner", "alpen");
        var tenant = house.tenant("Gipfel", "gipfel", reseller.id());
        var dialog = new AllocationDialog(
                house.tools(new FakePlans(new FakeSubLicenses())), new FakeSubLicenses(), () -> {});

        dialog.openFor(house.of(tenant.slug()), List.copyOf(house.licenses));

        assertThat(Texts.of(find(Dialog.class).single()))
                .contains("The tenant's reseller has nothing of this licence.");
    }

    private void click(String words) {
        test(find(Button.class).withText(words).single()).click();
    }
}
