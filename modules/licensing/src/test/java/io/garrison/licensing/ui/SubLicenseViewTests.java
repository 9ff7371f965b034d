package io.garrison.licensing.ui;

import static org.assertj.core.api.Assertions.assertThat;

import com.vaadin.browserless.BrowserlessTest;
import com.vaadin.flow.component.UI;
import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.contextmenu.MenuItem;
import com.vaadin.flow.component.menubar.MenuBar;
import io.garrison.licensing.LicenseSummary;
import io.garrison.licensing.SubLicenseChange;
import io.garrison.licensing.SubLicenseState;
import io.garrison.licensing.SubLicenseSummary;
import io.garrison.licensing.Transfer;
import io.garrison.tenancy.DeploymentMode;
import io.garrison.tenancy.DeploymentRules;
import io.garrison.tenancy.Role;
import io.garrison.tenancy.TenantSummary;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SubLicenseViewTests extends BrowserlessTest {

    private final FakeSubLicenses subLicenses = new FakeSubLicenses();
    private FakeHouse house = new FakeHouse(Role.PLATFORM_ADMIN);
    private TenantSummary tenant = house.tenant("Nordwind", "nordwind");
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
        tenant = house.tenant("Nordwind", "nordwind");
        license = house.license("Seeblick", 90);
    }

    private void open(SubLicenseSummary one) {
        var view = new SubLicenseView(
                subLicenses.tools(),
                house.tools(new FakePlans(subLicenses)),
                DeploymentRules.of(DeploymentMode.CLUSTER));
        view.show(house.of(tenant.slug()), one.id());
        UI.getCurrent().add(view);
    }

    @Test
    void offersEveryOperationToWhoManagesLicences() {
        open(subLicenses.add(license.id(), SubLicenseState.ACTIVE));

        assertThat(buttons()).contains("Resize", "Renew");
        assertThat(menu()).containsExactly("Transfer", "Suspend", "Revoke");
    }

    @Test
    void offersNoneToWhoMayOnlyLook() {
        as(Role.AUDITOR);
        open(subLicenses.add(license.id(), SubLicenseState.ACTIVE));

        assertThat(buttons()).doesNotContain("Resize", "Renew");
        assertThat(find(MenuBar.class).exists()).isFalse();
    }

    @Test
    void offersNoneToTheTenant() {
        as(Role.TENANT_ADMIN);
        open(subLicenses.add(license.id(), SubLicenseState.ACTIVE));

        assertThat(buttons()).doesNotContain("Resize", "Renew");
        assertThat(find(MenuBar.class).exists()).isFalse();
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    void givesTheSignedFileToWhoMayTakeIt(Role role) {
        as(role);
        open(subLicenses.add(license.id(), SubLicenseState.ACTIVE));

        assertThat(page().contains("Download signed file"))
                .isEqualTo(role == Role.PLATFORM_ADMIN || role == Role.TENANT_ADMIN);
    }

    @Test
    void offersNoneForOneThatWasLoadedAndSaysWhy() {
        subLicenses.issuedHere = false;
        open(subLicenses.add(license.id(), SubLicenseState.ACTIVE));

        assertThat(buttons()).doesNotContain("Resize", "Renew");
        assertThat(page()).contains("Issued elsewhere and loaded here as a file");
    }

    @Test
    void offersNoneForOneThatIsRevokedAndSaysWhen() {
        open(subLicenses.add(license.id(), SubLicenseState.REVOKED));

        assertThat(buttons()).doesNotContain("Resize", "Renew");
        assertThat(page()).contains("Revoked for good on 1 Mar 2027 12:00 UTC");
    }

    @Test
    void saysWhyASuspendedOneCannotGiveAnything() {
        open(subLicenses.add(license.id(), SubLicenseState.SUSPENDED));

        assertThat(menu())
                .containsExactly(
                        "Transfer – only between sub-licences in force; this one is suspended", "Resume", "Revoke");
        assertThat(items().getFirst().isEnabled()).isFalse();
        assertThat(page()).contains("Suspended by the provider");
    }

    @Test
    void showsWhatIsUsedAgainstLimitAndCeilingWithUnits() {
        open(subLicenses.add(license.id(), SubLicenseState.ACTIVE));

        assertThat(page())
                .contains("11 of 10 instances")
                .contains("1 instance beyond")
                .contains("250 of 1 000 Mbit/s")
                .contains("Not measured yet")
                .contains("more are allowed up to 12 instances");
    }

    @Test
    void tellsEachSigningInWordsAndUnits() {
        subLicenses.changes.add(new SubLicenseChange(
                2,
                FakeHouse.NOW,
                "nina@mssp.example",
                "resized",
                Map.of("instances", 5, "throughputBps", 500_000_000),
                Map.of("instances", 10, "throughputBps", 1_000_000_000),
                "Two more sites"));
        open(subLicenses.add(license.id(), SubLicenseState.ACTIVE));

        assertThat(page())
                .contains("Resized")
                .contains("by nina@mssp.example, serial 2")
                .contains("Instances: 5 instances → 10 instances")
                .contains("Throughput: 500 Mbit/s → 1 000 Mbit/s")
                .contains("Two more sites");
    }

    @Test
    void loadsOlderEntriesOnRequest() {
        for (long serial = 45; serial > 0; serial--) {
            subLicenses.changes.add(new SubLicenseChange(
                    serial, FakeHouse.NOW, "nina@mssp.example", "renewed", Map.of(), Map.of("graceDays", 7), null));
        }
        open(subLicenses.add(license.id(), SubLicenseState.ACTIVE));
        assertThat(page()).contains("serial 45").contains("serial 26").doesNotContain("serial 25");

        click("Load older");
        click("Load older");

        assertThat(page()).contains("serial 25").contains("serial 1");
        assertThat(buttons()).doesNotContain("Load older");
    }

    @Test
    void cancelsATransferThatIsScheduled() {
        var one = subLicenses.add(license.id(), SubLicenseState.ACTIVE);
        var scheduled = subLicenses.transfer(
                one.id(), tenant.id(), FakeHouse.NOW.plus(Duration.ofDays(1)), Transfer.State.SCHEDULED);
        open(one);
        assertThat(page()).contains("2 instances").contains("to Nordwind").contains("They grow");

        click("Cancel transfer");

        assertThat(subLicenses.asked).containsExactly(scheduled.id());
    }

    @Test
    void doesNotTellTheTenantWhereATransferWent() {
        as(Role.TENANT_ADMIN);
        var other = house.tenant("Canary Holdings", "canary");
        var one = subLicenses.add(license.id(), SubLicenseState.ACTIVE);
        subLicenses.transfer(one.id(), other.id(), FakeHouse.NOW, Transfer.State.DONE);
        open(one);

        assertThat(page()).contains("to another sub-licence").doesNotContain("Canary");
    }

    private void click(String words) {
        test(find(Button.class).withText(words).single()).click();
    }

    private List<String> buttons() {
        return find(Button.class).all().stream().map(Button::getText).toList();
    }

    private List<MenuItem> items() {
        return find(MenuBar.class).single().getItems().getFirst().getSubMenu().getItems();
    }

    private List<String> menu() {
        return items().stream().map(MenuItem::getText).toList();
    }

    private static String page() {
        return Texts.of(UI.getCurrent());
    }
}
