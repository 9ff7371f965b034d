package io.garrison.licensing.ui;

import static org.assertj.core.api.Assertions.assertThat;

import com.vaadin.browserless.BrowserlessTest;
import com.vaadin.flow.component.UI;
import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.textfield.TextArea;
import com.vaadin.flow.component.textfield.TextField;
import io.garrison.licensing.LicenseFileException;
import io.garrison.licensing.LicenseId;
import io.garrison.licensing.LicenseNotice;
import io.garrison.licensing.LicenseSummary;
import io.garrison.licensing.SubLicenseLoading;
import io.garrison.licensing.SubLicenseState;
import io.garrison.tenancy.DeploymentMode;
import io.garrison.tenancy.DeploymentRules;
import io.garrison.tenancy.Role;
import io.garrison.tenancy.TenantSummary;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SubLicensesViewTests extends BrowserlessTest {

    private final FakeSubLicenses subLicenses = new FakeSubLicenses();
    private final OtherLicences loading = new OtherLicences();
    private FakeHouse house = new FakeHouse(Role.TENANT_ADMIN);
    private TenantSummary tenant = house.tenant("Nordwind", "nordwind");
    private LicenseSummary license = house.license("Seeblick", 90);

    @Override
    protected Set<String> scanPackages() {
        return Set.of("io.garrison.nothing");
    }

    @BeforeEach
    void tell() {
        subLicenses.told.add(new LicenseNotice(
                UUID.randomUUID(),
                tenant.id(),
                null,
                1L,
                LicenseNotice.Kind.EXPIRES_IN_14_DAYS,
                null,
                FakeHouse.NOW,
                "The sub-licence ends on 15 March. Ask your provider to renew it.",
                null,
                null));
    }

    private void as(Role role) {
        house = new FakeHouse(role);
        tenant = house.tenant("Nordwind", "nordwind");
        license = house.license("Seeblick", 90);
    }

    /** Knows a file under another licence, and takes it only from who insists. */
    private final class OtherLicences implements SubLicenseLoading {
        private final List<String> insisted = new ArrayList<>();

        @Override
        public LoadedSubLicense load(String file) {
            throw new LicenseFileException.OtherLicense(license.id(), new LicenseId(UUID.randomUUID()));
        }

        @Override
        public LoadedSubLicense loadUnderAnyLicense(String file) {
            insisted.add(file);
            return new LoadedSubLicense(
                    tenant, subLicenses.add(license.id(), SubLicenseState.ACTIVE), Outcome.REPLACED);
        }
    }

    private void open() {
        open(DeploymentMode.CLUSTER);
    }

    private void open(DeploymentMode mode) {
        var view = new SubLicensesView(
                subLicenses.tools(), house.tools(new FakePlans(subLicenses)), loading, DeploymentRules.of(mode));
        UI.getCurrent().add(view);
        view.show(house.of(tenant.slug()));
    }

    @Test
    void showsTheTenantWhatItUsesOfWhatItBoughtAndWhatFollows() {
        subLicenses.add(license.id(), SubLicenseState.ACTIVE);
        open();

        assertThat(page())
                .contains("10 instances, 1 000 Mbit/s, 50 virtual services")
                .contains("11 of 10 instances")
                .contains("355 days left")
                .contains("It ends on 19 Feb 2028 12:00 UTC; instances keep their seats until 4 Mar 2028 12:00 UTC.");
        assertThat(buttons()).doesNotContain("Allocate sub-licence");
    }

    @Test
    void letsTheTenantsAdministratorAcknowledgeANotice() {
        subLicenses.add(license.id(), SubLicenseState.EXPIRING);
        open();
        assertThat(page()).contains("1 to acknowledge").contains("Ask your provider to renew it.");

        test(find(Button.class).withText("Acknowledge").single()).click();

        assertThat(subLicenses.asked)
                .containsExactly(subLicenses.told.getFirst().id());
    }

    @Test
    void letsAViewerReadNoticesAndNoMore() {
        as(Role.TENANT_VIEWER);
        subLicenses.add(license.id(), SubLicenseState.EXPIRING);
        open();

        assertThat(page()).contains("Ask your provider to renew it.");
        assertThat(buttons()).doesNotContain("Acknowledge", "Allocate sub-licence");
    }

    @Test
    void offersTheProviderToAllocateWhereNothingIs() {
        as(Role.PLATFORM_ADMIN);
        open();

        assertThat(page()).contains("No sub-licence");
        assertThat(buttons()).contains("Allocate sub-licence");
    }

    /** Whoever signed it may be a stranger who has heard of the id. */
    @Test
    void loadsAFileUnderAnotherLicenceForNobodyWhoDoesNotInsist() {
        as(Role.PLATFORM_ADMIN);
        subLicenses.add(license.id(), SubLicenseState.ACTIVE);
        open(DeploymentMode.CENTRALIZED);
        test(find(Button.class).withText("Load newer file").single()).click();
        test(find(TextArea.class).single()).setValue("signed elsewhere");
        test(find(Button.class).withText("Load newer file").all().getLast()).click();
        assertThat(page()).contains("issued under licence");
        assertThat(loading.insisted).as("asked first").isEmpty();

        test(find(TextField.class).single()).setValue("Nordwind");
        test(find(Button.class).withText("Load it all the same").single()).click();

        assertThat(loading.insisted).containsExactly("signed elsewhere");
    }

    @Test
    void showsManySubLicencesPageByPage() {
        for (int i = 0; i < 45; i++) {
            subLicenses.add(license.id(), SubLicenseState.ACTIVE);
        }
        open();
        assertThat(cards()).isEqualTo(20);

        test(find(Button.class).withText("Show more").single()).click();
        test(find(Button.class).withText("Show more").single()).click();

        assertThat(cards()).isEqualTo(45);
        assertThat(buttons()).doesNotContain("Show more");
    }

    private int cards() {
        return find(SubLicenseCard.class).all().size();
    }

    private List<String> buttons() {
        return find(Button.class).all().stream().map(Button::getText).toList();
    }

    private static String page() {
        return Texts.of(UI.getCurrent());
    }
}
