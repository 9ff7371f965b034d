package io.garrison.licensing.ui;

import static org.assertj.core.api.Assertions.assertThat;

import com.vaadin.browserless.BrowserlessTest;
import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.combobox.ComboBox;
import com.vaadin.flow.component.datepicker.DatePicker;
import com.vaadin.flow.component.datetimepicker.DateTimePicker;
import com.vaadin.flow.component.dialog.Dialog;
import com.vaadin.flow.component.select.Select;
import com.vaadin.flow.component.textfield.IntegerField;
import com.vaadin.flow.component.textfield.NumberField;
import com.vaadin.flow.component.textfield.TextArea;
import com.vaadin.flow.component.textfield.TextField;
import io.garrison.licensing.LeaseRule;
import io.garrison.licensing.LeaseRule.IfLeasesBreak;
import io.garrison.licensing.LicenseException.AllocationRefused;
import io.garrison.licensing.LicenseException.TransferRefused;
import io.garrison.licensing.LicenseId;
import io.garrison.licensing.LicenseSummary;
import io.garrison.licensing.SubLicenseState;
import io.garrison.licensing.SubLicenseSummary;
import io.garrison.licensing.SubLicenseTransfers.Order;
import io.garrison.licensing.ui.FakeSubLicenses.Did;
import io.garrison.licensing.ui.FakeSubLicenses.Renewed;
import io.garrison.licensing.ui.FakeSubLicenses.Revoked;
import io.garrison.tenancy.Refusal.FieldError;
import io.garrison.tenancy.Role;
import io.garrison.tenancy.TenantSummary;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Renewing, suspending, revoking and transferring a sub-licence. */
class LicenseDialogsTests extends BrowserlessTest {

    private final FakeSubLicenses subLicenses = new FakeSubLicenses();
    private final FakeHouse house = new FakeHouse(Role.PLATFORM_ADMIN);
    private final TenantSummary tenant = house.tenant("Nordwind", "nordwind");
    private final LicenseSummary license = house.license("Seeblick", 90);
    private final SubLicenseSummary one = subLicenses.add(license.id(), SubLicenseState.ACTIVE);

    @Override
    protected Set<String> scanPackages() {
        return Set.of("io.garrison.nothing");
    }

    private void start(Operation operation) {
        new SubLicenseActions(
                        subLicenses.tools(),
                        house.tools(new FakePlans(subLicenses)),
                        house.of(tenant.slug()),
                        one,
                        () -> {})
                .start(operation);
    }

    @Test
    void showsWhereTheLadderGoesBeforeRenewing() {
        start(Operation.RENEW);
        test(date("New end (UTC)")).setValue(LocalDate.parse("2028-06-30"));
        test(number("Grace (days)")).setValue(10);

        var ladder = find(LadderList.class).single();
        assertThat(ladder.getElement().getOuterHTML())
                .contains("2028-05-31T00:00:00Z") // 30 days before
                .contains("2028-06-30T00:00:00Z")
                .contains("2028-07-10T00:00:00Z")
                .contains("2028-08-09T00:00:00Z");
        assertThat(subLicenses.asked).isEmpty();

        click("Renew");

        assertThat(subLicenses.asked).containsExactly(new Renewed(Instant.parse("2028-06-30T00:00:00Z"), 10, null));
        assertThat(find(Dialog.class).exists()).isFalse();
    }

    @Test
    void keepsToTheEndOfTheLicence() {
        start(Operation.RENEW);

        click("+ 1 year");

        assertThat(date("New end (UTC)").getValue()).isEqualTo(LocalDate.parse("2029-01-29"));
        click("Renew");
        assertThat(subLicenses.asked).containsExactly(new Renewed(license.validUntil(), 14, null));
    }

    @Test
    void tellsAtTheFieldWhyItCannotBeRenewed() {
        subLicenses.refuse = new AllocationRefused(
                List.of(new FieldError("validUntil", "license.not-later", "must not be before the present end", null)));
        start(Operation.RENEW);

        click("Renew");

        assertThat(date("New end (UTC)").getErrorMessage()).isEqualTo("Must not be before the present end");
        assertThat(find(Dialog.class).exists()).isTrue();
    }

    @Test
    void suspendsWithAReasonAfterSayingWhatStays() {
        start(Operation.SUSPEND);
        assertThat(dialog()).contains("Instances keep their seats").contains("traffic keeps flowing");
        test(find(TextArea.class).single()).setValue("  Unpaid  ");

        click("Suspend");

        assertThat(subLicenses.asked).containsExactly(new Did("suspend", "Unpaid"));
    }

    @Test
    void resumes() {
        start(Operation.RESUME);

        click("Resume");

        assertThat(subLicenses.asked).containsExactly(new Did("resume", null));
    }

    @Test
    void revokesOnlyWhenTheNameIsTyped() {
        subLicenses.running = 3;
        start(Operation.REVOKE);
        assertThat(dialog()).contains("3 instances run under it").contains("their traffic keeps flowing");
        var act = find(Button.class).withText("Revoke sub-licence").single();
        assertThat(act.isEnabled()).isFalse();

        test(find(TextField.class).single()).setValue("nordwind");
        click("Revoke sub-licence");

        assertThat(subLicenses.asked).containsExactly(new Revoked(new LeaseRule(IfLeasesBreak.GRACE, 24), null));
    }

    @Test
    void offersOnlyThoseInForceOfTheSameLicenceAsTarget() {
        var other = house.tenant("Hofmann", "hofmann");
        var fitting = subLicenses.add(license.id(), SubLicenseState.EXPIRING);
        subLicenses.add(license.id(), SubLicenseState.GRACE);
        subLicenses.add(new LicenseId(UUID.randomUUID()), SubLicenseState.ACTIVE);
        start(Operation.TRANSFER);

        choose(other);

        assertThat(target().getListDataView().getItems()).containsExactly(fitting);
    }

    @Test
    void transfersLaterWhatWasAsked() {
        var other = house.tenant("Hofmann", "hofmann");
        var fitting = subLicenses.add(license.id(), SubLicenseState.ACTIVE);
        start(Operation.TRANSFER);
        choose(other);
        test(amount("Instances")).setValue(4.0);
        assertThat(Texts.plain(amount("Instances").getHelperText())).isEqualTo("6 instances stay here");
        find(DateTimePicker.class).single().setValue(LocalDateTime.parse("2027-04-01T00:00:00"));

        click("Transfer");

        assertThat(subLicenses.asked).singleElement().isInstanceOfSatisfying(Order.class, order -> {
            assertThat(order.toTenant()).isEqualTo(other.id());
            assertThat(order.to()).isEqualTo(fitting.id());
            assertThat(order.amounts().instances()).isEqualTo(4);
            assertThat(order.effectiveAt()).isEqualTo(Instant.parse("2027-04-01T00:00:00Z"));
            assertThat(order.rule()).isEqualTo(LeaseRule.REFUSE);
        });
    }

    @Test
    void tellsAtTheAmountThatThereIsNotSoMuch() {
        subLicenses.add(license.id(), SubLicenseState.ACTIVE);
        subLicenses.refuse =
                new TransferRefused("entitlements", "license.transfer-exceeds", "instances: asked 40, there are 10");
        start(Operation.TRANSFER);
        choose(house.tenant("Hofmann", "hofmann"));
        test(amount("Instances")).setValue(40.0);
        assertThat(Texts.plain(amount("Instances").getHelperText())).isEqualTo("30 instances more than there is");

        click("Transfer");

        assertThat(Texts.plain(amount("Instances").getErrorMessage()))
                .isEqualTo("Asked 40 instances, there are 10 instances");
        assertThat(amount("Instances").getValue()).isEqualTo(40.0);
    }

    @SuppressWarnings("unchecked")
    private void choose(TenantSummary chosen) {
        ((ComboBox<TenantSummary>) find(ComboBox.class).single()).setValue(chosen);
    }

    @SuppressWarnings("unchecked")
    private Select<SubLicenseSummary> target() {
        return find(Select.class).withLabel("Its sub-licence").single();
    }

    private NumberField amount(String label) {
        return find(NumberField.class).withLabel(label).single();
    }

    private DatePicker date(String label) {
        return find(DatePicker.class).withLabel(label).single();
    }

    private IntegerField number(String label) {
        return find(IntegerField.class).withLabel(label).single();
    }

    private void click(String words) {
        test(find(Button.class).withText(words).single()).click();
    }

    private String dialog() {
        return Texts.of(find(Dialog.class).single());
    }
}
