package io.garrison.licensing.ui;

import static org.assertj.core.api.Assertions.assertThat;

import com.vaadin.browserless.BrowserlessTest;
import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.dialog.Dialog;
import com.vaadin.flow.component.radiobutton.RadioButtonGroup;
import com.vaadin.flow.component.select.Select;
import com.vaadin.flow.component.textfield.NumberField;
import com.vaadin.flow.component.textfield.TextArea;
import io.garrison.licensing.Entitlements;
import io.garrison.licensing.LeaseRule;
import io.garrison.licensing.LeaseRule.IfLeasesBreak;
import io.garrison.licensing.LicenseException.LeasesRunning;
import io.garrison.licensing.LicenseException.PoolExhausted;
import io.garrison.licensing.Metric;
import io.garrison.licensing.Overage;
import io.garrison.licensing.SubLicenseState;
import io.garrison.licensing.ui.FakeSubLicenses.Resized;
import io.garrison.tenancy.Role;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ResizeDialogTests extends BrowserlessTest {

    private final FakeSubLicenses subLicenses = new FakeSubLicenses();
    private final FakeHouse house = new FakeHouse(Role.PLATFORM_ADMIN);
    private final AtomicInteger resized = new AtomicInteger();

    @Override
    protected Set<String> scanPackages() {
        return Set.of("io.garrison.nothing");
    }

    @BeforeEach
    void open() {
        var tenant = house.tenant("Nordwind", "nordwind");
        var license = house.license("Seeblick", 90);
        var one = subLicenses.add(license.id(), SubLicenseState.ACTIVE);
        new ResizeDialog(
                        subLicenses.tools(),
                        house.of(tenant.slug()),
                        one,
                        house.pool(license.id()),
                        resized::incrementAndGet)
                .open();
    }

    @Test
    void triesOutWhatIsTypedAndChangesNothing() {
        assertThat(dialog()).contains("Nothing is different yet");
        subLicenses.running = 4;

        type("Instances", 15.0);
        type("Throughput (Mbit/s)", 2_000.0);

        assertThat(dialog())
                .contains("Instances: 10 instances → 15 instances")
                .contains("Throughput: 1 000 Mbit/s → 2 000 Mbit/s")
                .contains("Licence pool afterwards: 85 instances")
                .contains("85 instances free after this")
                .contains("4 instances hold seats of it; all keep them.");
        assertThat(subLicenses.asked).isEmpty();
    }

    @Test
    void saysWhichInstancesWouldBreakAndWhatCanBecomeOfThem() {
        assertThat(visible(RadioButtonGroup.class)).isZero();
        subLicenses.running = 3;
        subLicenses.breaking = List.of(UUID.fromString("aaaaaaaa-0000-4000-8000-000000000001"));

        type("Instances", 2.0);
        assertThat(dialog()).contains("aaaaaaaa");
        subLicenses.names = Map.of(subLicenses.breaking.getFirst(), "edge-7");
        type("Instances", 1.0);

        assertThat(dialog())
                .contains("1 of 3 instances would have to give their seats up")
                .contains("edge-7");
        assertThat(visible(RadioButtonGroup.class)).isOne();
    }

    @Test
    void resizesOnceUnderTheRuleThatWasChosen() {
        subLicenses.running = 3;
        subLicenses.breaking = List.of(UUID.randomUUID());
        type("Instances", 2.0);
        rules().setValue(IfLeasesBreak.DRAIN);
        test(find(TextArea.class).withLabel("Reason").single()).setValue("They shrink");

        click("Resize");

        assertThat(subLicenses.asked).singleElement().isInstanceOfSatisfying(Resized.class, asked -> {
            assertThat(asked.terms().entitlements()).isEqualTo(new Entitlements(2, 1_000_000_000, 50, Set.of("waf")));
            assertThat(asked.rule()).isEqualTo(new LeaseRule(IfLeasesBreak.DRAIN, 24));
            assertThat(asked.reason()).isEqualTo("They shrink");
        });
        assertThat(resized).hasValue(1);
        assertThat(find(Dialog.class).exists()).isFalse();
    }

    @Test
    void namesTheRuleOfEveryMetricSoThatOneCanBeTakenBack() {
        beyond().setValue(Overage.Policy.BILL);
        assertThat(dialog())
                .contains("Instances, beyond it: Refuse what goes beyond → Allow and record for billing")
                .contains("recorded so that they can be billed");

        click("Resize");

        assertThat(subLicenses.asked)
                .singleElement()
                .isInstanceOfSatisfying(
                        Resized.class,
                        asked -> assertThat(asked.terms().overage())
                                .containsEntry(Metric.INSTANCES, new Overage(Overage.Policy.BILL, null))
                                .containsEntry(Metric.THROUGHPUT_BPS, Overage.DENY)
                                .containsEntry(Metric.VIRTUAL_SERVICES, Overage.DENY));
    }

    @Test
    void marksTheFieldAndKeepsWhatWasTypedWhenThePoolHasLess() {
        subLicenses.refuse = new PoolExhausted("entitlements", Metric.THROUGHPUT_BPS, "20000000000", "10000000000");
        type("Throughput (Mbit/s)", 20_000.0);
        assertThat(dialog()).contains("10 000 Mbit/s more than is free");

        click("Resize");

        var field = find(NumberField.class).withLabel("Throughput (Mbit/s)").single();
        assertThat(field.isInvalid()).isTrue();
        assertThat(Texts.plain(field.getErrorMessage())).isEqualTo("Asked 20 000 Mbit/s, free 10 000 Mbit/s");
        assertThat(field.getValue()).isEqualTo(20_000.0);
        assertThat(resized).hasValue(0);
    }

    @Test
    void tellsAtTheChoiceThatInstancesRun() {
        subLicenses.running = 2;
        subLicenses.breaking = List.of(UUID.randomUUID(), UUID.randomUUID());
        subLicenses.refuse = new LeasesRunning(subLicenses.breaking);
        type("Instances", 0.0);

        click("Resize");

        assertThat(rules().isInvalid()).isTrue();
        assertThat(rules().getErrorMessage())
                .contains(subLicenses.breaking.getFirst().toString())
                .contains("1 more");
    }

    @Test
    void asksForEveryAmount() {
        type("Instances", null);

        click("Resize");

        assertThat(find(NumberField.class).withLabel("Instances").single().getErrorMessage())
                .isEqualTo("Enter a number");
        assertThat(subLicenses.asked).isEmpty();
    }

    private void type(String label, @org.jspecify.annotations.Nullable Double value) {
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
    private RadioButtonGroup<IfLeasesBreak> rules() {
        return find(RadioButtonGroup.class).single();
    }

    private long visible(Class<? extends com.vaadin.flow.component.Component> type) {
        return find(type).all().size();
    }

    private String dialog() {
        return Texts.of(find(Dialog.class).single());
    }
}
