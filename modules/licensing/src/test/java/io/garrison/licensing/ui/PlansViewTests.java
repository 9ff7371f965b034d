package io.garrison.licensing.ui;

import static org.assertj.core.api.Assertions.assertThat;

import com.vaadin.browserless.BrowserlessTest;
import com.vaadin.flow.component.UI;
import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.dialog.Dialog;
import com.vaadin.flow.component.textfield.IntegerField;
import com.vaadin.flow.component.textfield.NumberField;
import com.vaadin.flow.component.textfield.TextField;
import io.garrison.licensing.Entitlements;
import io.garrison.licensing.LicenseException.PlanNameTaken;
import io.garrison.licensing.Overages;
import io.garrison.licensing.PlanManagement.PlanTerms;
import io.garrison.tenancy.Role;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PlansViewTests extends BrowserlessTest {

    private final FakeSubLicenses subLicenses = new FakeSubLicenses();
    private final FakePlans plans = new FakePlans(subLicenses);
    private final FakeHouse house = new FakeHouse(Role.PLATFORM_ADMIN);
    private final PlansView view = new PlansView(house.tools(plans));

    @Override
    protected Set<String> scanPackages() {
        return Set.of("io.garrison.nothing");
    }

    private void open() {
        UI.getCurrent().add(view);
        view.lay();
    }

    private void silver() {
        plans.create(
                new PlanTerms("Silver", new Entitlements(3, 300_000_000, 30, Set.of("waf")), Overages.NONE, 21, 90));
    }

    @Test
    void saysWhatAPlanIsWhereThereIsNone() {
        open();

        assertThat(Texts.of(UI.getCurrent())).contains("No plan yet");
        click("Create plan");
        assertThat(find(Dialog.class).exists()).isTrue();
    }

    @Test
    void makesAPlan() {
        open();
        click("Create plan");
        test(find(TextField.class).withLabel("Name").single()).setValue("Gold");
        test(find(NumberField.class).withLabel("Instances").single()).setValue(9.0);
        test(find(IntegerField.class).withLabel("Term (days)").single()).setValue(730);

        test(find(Button.class).withText("Create plan").last()).click();

        assertThat(plans.all).singleElement().satisfies(made -> {
            assertThat(made.terms().name()).isEqualTo("Gold");
            assertThat(made.terms().entitlements().instances()).isEqualTo(9);
            assertThat(made.terms().termDays()).isEqualTo(730);
        });
        assertThat(test(view.grid).getCellText(0, 0)).isEqualTo("Gold");
    }

    @Test
    void tellsAtTheNameThatItIsTaken() {
        plans.refuse = new PlanNameTaken("Gold");
        open();
        click("Create plan");
        test(find(TextField.class).withLabel("Name").single()).setValue("Gold");

        test(find(Button.class).withText("Create plan").last()).click();

        assertThat(find(TextField.class).withLabel("Name").single().getErrorMessage())
                .isEqualTo("Is in use");
        assertThat(find(Dialog.class).exists()).isTrue();
    }

    @Test
    void makesTheNextVersion() {
        silver();
        open();
        view.grid.select(plans.all.getFirst());
        assertThat(Texts.of(find(PlanDetail.class).single())).contains("3 instances · Refuse what goes beyond");
        click("New version");
        test(find(NumberField.class).withLabel("Instances").single()).setValue(4.0);

        click("Make version 2");

        assertThat(plans.all).singleElement().satisfies(changed -> {
            assertThat(changed.version()).isEqualTo(2);
            assertThat(changed.terms().entitlements().instances()).isEqualTo(4);
        });
    }

    @Test
    void retiresOnlyWhenTheNameIsTyped() {
        silver();
        open();
        view.grid.select(plans.all.getFirst());
        click("Retire");
        assertThat(find(Button.class).withText("Retire plan").single().isEnabled())
                .isFalse();

        test(find(TextField.class).from(find(Dialog.class).single()).single()).setValue("Silver");
        click("Retire plan");

        assertThat(plans.all).isEmpty();
    }

    private void click(String words) {
        test(find(Button.class).withText(words).single()).click();
    }
}
