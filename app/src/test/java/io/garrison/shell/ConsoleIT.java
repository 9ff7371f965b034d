package io.garrison.shell;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static io.garrison.shell.ConsoleBrowser.button;
import static io.garrison.shell.ConsoleBrowser.overflow;
import static io.garrison.shell.ConsoleBrowser.showsTitle;
import static io.garrison.shell.ConsoleBrowser.signIn;
import static io.garrison.shell.ConsoleBrowser.type;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import io.garrison.GarrisonApplication;
import io.garrison.tenancy.FirstAdministrator;
import io.garrison.testing.TestKafka;
import io.garrison.testing.TestOpenSearch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** The console as people meet it: a real browser in front of the whole application. */
@SpringBootTest(classes = GarrisonApplication.class, webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConsoleIT {

    private static final String ADMIN = "nina.berg@mssp.example";
    private static final String PASSWORD = "a sentence nobody guesses 7";
    private static final String CANARY = "Canary Kestrel Holdings";

    private static final LicenseFiles LICENSE = LicenseFiles.create();

    @LocalServerPort
    int port;

    @Autowired
    FirstAdministrator first;

    private ConsoleBrowser people;

    @DynamicPropertySource
    static void servers(DynamicPropertyRegistry registry) {
        TestKafka.properties().forEach((name, value) -> registry.add(name, () -> value));
        TestOpenSearch.properties().forEach((name, value) -> registry.add(name, () -> value));
        registry.add("garrison.licensing.vendor-keys", () -> LICENSE.vendorKey().toString());
        registry.add("garrison.edge.port", () -> "0");
        registry.add("garrison.edge.allow-loopback", () -> "true");
    }

    @BeforeAll
    void openTheHouse() throws IOException {
        people = new ConsoleBrowser("http://localhost:" + port);
        first.create(ADMIN, PASSWORD);
        var page = admin();
        page.navigate("/licences");
        button(page, "Load licence").click();
        type(page, "Licence file", Files.readString(LICENSE.license()));
        button(page, "Load licence").last().click();
        assertThat(page.getByText("In force").first()).isVisible();
    }

    @AfterAll
    void goHome() {
        people.close();
    }

    @Test
    void keepsOutWhoHasTheWrongPassword() {
        var page = people.desktop();
        signIn(page, ADMIN, "not the password");

        assertThat(page.getByText("Not signed in")).isVisible();
        page.navigate("/overview");
        assertThat(page.locator("input[name=username]")).isVisible();
    }

    @Test
    void makesATenantWithAllThatItNeeds() {
        var page = admin();
        var made = onboard(page, "Nordwind Logistik", "nordwind", "alice@nordwind.example");

        assertThat(made.command()).contains("edge join").contains("--token");
        assertThat(made.invitation()).contains("/invitation?token=");
    }

    @Test
    void undoesEverythingWhenAStepOfTheWizardFails() {
        var page = admin();
        fillWizard(page, "Too Large Ltd", "too-large", "", "99999");
        button(page, "Create tenant").click();

        assertThat(page.getByText("asked 99999", new Page.GetByTextOptions().setExact(false))
                        .first())
                .isVisible();
        assertThat(page.locator("vaadin-integer-field[invalid]")).hasCount(1);
        page.navigate("/audit");
        assertThat(page.locator("vaadin-grid").getByText("Tenant created").first())
                .isVisible();
        page.navigate("/tenants?q=too-large");
        assertThat(page.getByText("too-large")
                        .filter(new com.microsoft.playwright.Locator.FilterOptions().setHasNotText("Deleting")))
                .hasCount(0);
    }

    @Test
    void showsATenantItsOwnSideAndNothingOfAnother() {
        var staff = admin();
        onboard(staff, CANARY, "canary", "");
        var made = onboard(staff, "Hofmann und Soehne", "hofmann", "eva@hofmann.example");

        var page = people.desktop();
        accept(page, made.invitation());
        signIn(page, "eva@hofmann.example", PASSWORD);
        showsTitle(page, "Hofmann und Soehne");
        for (var path : List.of(
                "",
                "/stacks",
                "/instances",
                "/traffic",
                "/logs",
                "/reports",
                "/usage",
                "/licences",
                "/people",
                "/audit")) {
            page.navigate("/t/hofmann" + path);
            assertThat(page.locator("h1")).isVisible();
            assertThat(page.content()).doesNotContain(CANARY).doesNotContain("canary");
        }
        for (var foreign : List.of(
                "/t/canary", "/t/canary/stacks", "/tenants", "/overview", "/licences", "/plans", "/usage", "/audit")) {
            page.navigate(foreign);
            assertThat(page.getByText("There is nothing here")).isVisible();
            assertThat(page.content()).doesNotContain(CANARY);
        }
    }

    @Test
    void publishesAPolicyAfterShowingWhatItChanges() {
        var page = admin();
        onboard(page, "Blauwal Energie", "blauwal", "");
        page.navigate("/t/blauwal/stacks");
        page.getByText("main").first().click();
        showsTitle(page, "main");

        button(page, "Add pool").click();
        type(page, "Name", "web");
        button(page, "Add member").click();
        type(page, "Address", "127.0.0.1");
        type(page, "Port", "19001");
        button(page, "Add to draft").click();

        button(page, "Add virtual service").click();
        type(page, "Name", "shop");
        type(page, "Address", "127.0.0.1");
        type(page, "Port", "99999");
        assertThat(page.locator("vaadin-integer-field[invalid]")).hasCount(1);
        type(page, "Port", "18081");
        page.locator("vaadin-select")
                .filter(new com.microsoft.playwright.Locator.FilterOptions().setHasText("Default pool"))
                .click();
        page.getByRole(AriaRole.OPTION, new Page.GetByRoleOptions().setName("web"))
                .click();
        button(page, "Add to draft").click();

        button(page, "Review and publish").click();
        assertThat(page.locator(".changes")).containsText("shop");
        button(page, "Publish revision 1").click();
        assertThat(page.locator(".page-header")).containsText("Revision 1");
        assertThat(page.getByText("The draft is what revision 1 holds.")).isVisible();
        saysWhatStandsAgainstTakingOver(page, "blauwal", "main");
    }

    /** What a tenant seals for the very installation that it is at. */
    private static void saysWhatStandsAgainstTakingOver(Page page, String tenant, String stack) {
        var there = "/t/" + tenant + "/configuration-move";
        page.navigate(there + "?tab=coming");
        var key = page.locator(".copy-field code").first().textContent();
        page.navigate(there);
        type(page, "Receiver key", key);
        button(page, "Seal the configuration").click();
        var file = page.waitForDownload(
                        () -> page.getByText("Download " + tenant + ".garrison").click())
                .path();
        page.navigate(there + "?tab=coming");
        page.locator("vaadin-upload input[type=file]").setInputFiles(file);
        assertThat(page.locator(".policy-card")).containsText("The stack " + stack + " is here already");
        assertThat(page.locator("vaadin-button[disabled]:has-text('Take over')"))
                .hasCount(1);
    }

    @Test
    void followsASubLicenceFromItsAllocationToItsEnd() {
        var page = admin();
        onboard(page, "Kranich Energie", "kranich", "");
        page.navigate("/licences");
        page.getByText("Who holds what").first().click();
        showsTitle(page, "Seeblick Managed Security");
        assertThat(page.locator("vaadin-grid").getByText("Kranich Energie")).isVisible();

        button(page, "Allocate sub-licence").click();
        page.getByLabel("Tenant", new Page.GetByLabelOptions().setExact(true))
                .first()
                .fill("Kranich");
        page.getByRole(AriaRole.OPTION, new Page.GetByRoleOptions().setName("Kranich Energie"))
                .click();
        type(page, "Instances", "4");
        assertThat(page.locator("vaadin-dialog")).containsText("instances free after this");
        button(page, "Allocate").click();
        assertThat(page.locator("vaadin-dialog")).hasCount(0);

        page.navigate("/t/kranich/licences");
        page.locator("section.panel")
                .filter(new com.microsoft.playwright.Locator.FilterOptions().setHasText("4 instances"))
                .getByText("Details")
                .click();
        button(page, "Resize").click();
        type(page, "Instances", "6");
        assertThat(page.locator(".what-if")).containsText("Instances: 4 instances → 6 instances");
        assertThat(page.locator(".what-if")).containsText("No instance holds a seat of it now.");
        type(page, "Reason", "Two more sites");
        button(page, "Resize").last().click();
        assertThat(page.locator(".timeline")
                        .filter(new com.microsoft.playwright.Locator.FilterOptions().setHasText("Resized")))
                .containsText("Instances: 4 instances → 6 instances");
        assertThat(page.getByText("Two more sites")).isVisible();

        page.locator(".page-header vaadin-menu-bar").click();
        page.getByRole(AriaRole.MENUITEM, new Page.GetByRoleOptions().setName("Revoke"))
                .click();
        type(page, "Type “kranich” to confirm", "kranich");
        button(page, "Revoke sub-licence").click();
        assertThat(page.locator(".page-header .badges")).containsText("Revoked");
        assertThat(button(page, "Resize")).hasCount(0);
    }

    @Test
    void tellsWhatHighAvailabilityLeadsToWhileItIsTyped() {
        var page = people.phone();
        signIn(page, ADMIN, PASSWORD);
        showsTitle(page, "Overview");
        onboard(page, "Zaunkoenig Netze", "zaunkoenig", "");
        page.navigate("/t/zaunkoenig/stacks");
        page.getByText("main").first().click();
        showsTitle(page, "main");
        page.getByRole(AriaRole.TAB, new Page.GetByRoleOptions().setName("High availability"))
                .click();
        type(page, "Peer check interval (ms)", "50");
        type(page, "Peer failure threshold", "3");
        assertThat(page.getByText("counts as failed after 150 ms")).isVisible();
        type(page, "HA port", "11211");
        assertThat(page.getByText("11211 is memcached's port")).isVisible();
        button(page, "Save all sides").click();

        assertThat(page.getByText("All sides are saved")).isVisible();
        assertThat(page.getByText("11211 is memcached's: scanners").first()).isVisible();
        assertThat(overflow(page)).isNotPositive();
    }

    @Test
    void asksBeforeWhatWasTypedForHighAvailabilityIsLost() {
        var page = admin();
        onboard(page, "Eisvogel Netze", "eisvogel", "");
        page.navigate("/t/eisvogel/stacks");
        page.getByText("main").first().click();
        showsTitle(page, "main");
        tab(page, "High availability").click();
        assertThat(page.getByText("No failover was rehearsed yet")).isVisible();
        type(page, "HA port", "12000");
        assertThat(page.locator("[data-unsaved]")).hasCount(1);

        tab(page, "Revisions").click();
        button(page, "Keep editing").click();
        assertThat(tab(page, "High availability")).hasAttribute("aria-selected", "true");
        assertThat(page.getByLabel("HA port")).hasValue("12000");

        var asked = new java.util.concurrent.atomic.AtomicReference<String>();
        page.onceDialog(dialog -> {
            asked.set(dialog.type());
            dialog.accept();
        });
        page.reload();
        assertThat(asked.get()).isEqualTo("beforeunload");

        type(page, "HA port", "12000");
        assertThat(page.locator("[data-unsaved]")).hasCount(1);
        page.locator("vaadin-side-nav").getByText("Instances").last().click();
        button(page, "Discard").click();
        showsTitle(page, "Instances");
    }

    @Test
    void makesAMonthlyReportAndHandsOutItsFiles() throws IOException {
        var page = admin();
        onboard(page, "Falke Druck", "falke", "");
        page.navigate("/t/falke/reports");
        assertThat(page.getByText("No report yet")).isVisible();
        button(page, "Make report").click();
        page.getByRole(AriaRole.DIALOG)
                .getByRole(
                        AriaRole.BUTTON,
                        new Locator.GetByRoleOptions().setName("Make report").setExact(true))
                .click();
        assertThat(page.locator(".timeline")).containsText("Ready");

        for (var format : List.of("PDF", "Excel", "HTML")) {
            var file = page.waitForDownload(() -> page.getByText(format, new Page.GetByTextOptions().setExact(true))
                    .click());
            assertThat(Files.size(file.path())).as(format).isPositive();
        }
        var csv = page.waitForDownload(() -> page.getByText("CSV", new Page.GetByTextOptions().setExact(true))
                .click());
        assertThat(csv.suggestedFilename()).startsWith("usage-monthly-").endsWith(".csv");
        assertThat(Files.readString(csv.path())).contains("Falke Druck", "no failover was rehearsed");
    }

    @Test
    void takesAMemberOfTwoTenantsFromOneToTheOther() {
        var staff = admin();
        var first = onboard(staff, "Reiher Handel", "reiher", "ida@reiher.example");
        onboard(staff, "Sperling Bau", "sperling", "");
        staff.navigate("/t/sperling/people");
        button(staff, "Invite").click();
        type(staff, "E-mail address", "ida@reiher.example");
        button(staff, "Make invitation").click();
        var second = staff.locator(".copy-field code").textContent();

        var page = people.desktop();
        accept(page, first.invitation());
        accept(page, second);
        signIn(page, "ida@reiher.example", PASSWORD);
        showsTitle(page, "Reiher Handel");
        page.locator(".tenant-switcher").click();
        page.getByRole(AriaRole.OPTION, new Page.GetByRoleOptions().setName("Sperling Bau"))
                .click();
        showsTitle(page, "Sperling Bau");
        assertThat(page.locator(".tenant-switcher input")).hasValue("Sperling Bau");
        assertThat(staff.locator(".tenant-switcher")).hasCount(0);
    }

    private static com.microsoft.playwright.Locator tab(Page page, String name) {
        return page.getByRole(AriaRole.TAB, new Page.GetByRoleOptions().setName(name));
    }

    @Test
    void fitsAPhone() {
        var page = people.phone();
        signIn(page, ADMIN, PASSWORD);
        showsTitle(page, "Overview");
        for (var path : List.of(
                "/overview",
                "/tenants",
                "/instances",
                "/licences",
                "/plans",
                "/resellers",
                "/usage",
                "/audit",
                "/people",
                "/api-keys")) {
            page.navigate(path);
            assertThat(page.locator("h1")).isVisible();
            assertThat(overflow(page)).as(path).isNotPositive();
        }
        onboard(page, "Phone Shop", "phone-shop", "");
        for (var path : List.of(
                "",
                "/stacks",
                "/configuration-move",
                "/configuration-move?tab=coming",
                "/instances",
                "/traffic",
                "/logs",
                "/reports",
                "/usage",
                "/licences",
                "/api-keys",
                "/audit")) {
            page.navigate("/t/phone-shop" + path);
            assertThat(page.locator("h1")).isVisible();
            assertThat(overflow(page)).as("/t/phone-shop" + path).isNotPositive();
        }
        page.navigate("/licences");
        page.getByText("Who holds what").first().click();
        assertThat(page.locator("vaadin-grid")).isVisible();
        assertThat(overflow(page)).as("tree").isNotPositive();
        page.navigate("/t/phone-shop/licences");
        page.getByText("Details").first().click();
        assertThat(page.locator(".ladder")).isVisible();
        assertThat(overflow(page)).as("sub-licence").isNotPositive();
        page.navigate("/overview");
        page.locator("vaadin-drawer-toggle").click();
        page.locator("vaadin-side-nav").getByText("Tenants").click();
        showsTitle(page, "Tenants");
    }

    @Test
    void saysSoWhereNothingIs() {
        var page = admin();
        for (var path : List.of("/nowhere", "/t/nobody", "/tenants/a/b/c")) {
            page.navigate(path);
            assertThat(page.getByText("There is nothing here")).isVisible();
        }
    }

    @Test
    void keepsTheColourSchemeThatWasChosen() {
        var page = admin();
        page.locator("vaadin-menu-bar").getByRole(AriaRole.MENUITEM).first().click();
        page.getByText("Dark", new Page.GetByTextOptions().setExact(true)).click();
        page.reload();

        assertThat(page.evaluate("document.documentElement.style.colorScheme")).isEqualTo("dark");
    }

    @Test
    void doesNotComplainInTheBrowsersConsole() {
        var page = admin();
        for (var path : List.of(
                "/overview",
                "/tenants",
                "/tenants/new",
                "/instances",
                "/licences",
                "/plans",
                "/usage",
                "/people",
                "/audit")) {
            page.navigate(path);
            assertThat(page.locator("h1")).isVisible();
        }
        assertThat(people.complaints()).isEmpty();
    }

    private Page admin() {
        var page = people.desktop();
        signIn(page, ADMIN, PASSWORD);
        showsTitle(page, "Overview");
        return page;
    }

    private static void fillWizard(Page page, String name, String slug, String administrator, String instances) {
        page.navigate("/tenants/new");
        type(page, "Name", name);
        type(page, "Short name", slug);
        type(page, "Contact e-mail address", "it@" + slug + ".example");
        if (!administrator.isEmpty()) {
            type(page, "First administrator", administrator);
        }
        button(page, "Next").click();
        type(page, "Instances", instances);
        button(page, "Next").click();
        assertThat(page.getByLabel("Stack")).isVisible();
        button(page, "Next").click();
    }

    private record Made(String command, String invitation) {}

    private static Made onboard(Page page, String name, String slug, String administrator) {
        fillWizard(page, name, slug, administrator, "2");
        button(page, "Create tenant").click();
        assertThat(page.getByText(name + " is ready")).isVisible();
        var codes = page.locator(".copy-field code").allTextContents();
        return new Made(codes.getFirst(), codes.getLast());
    }

    private static void accept(Page page, String invitation) {
        page.navigate(invitation);
        type(page, "Password", PASSWORD);
        type(page, "Password again", PASSWORD);
        button(page, "Accept invitation").click();
        assertThat(page.locator("input[name=username]")).isVisible();
    }

    /** A throw-away vendor key and a licence under it, made by the command that vendors use. */
    private record LicenseFiles(Path vendorKey, Path license) {

        static LicenseFiles create() {
            try {
                var directory = Files.createTempDirectory("garrison-console-it-");
                run("new-key", "--out", directory.toString());
                var license = directory.resolve("mssp.lic");
                run(
                        "issue-mssp",
                        "--key",
                        directory.resolve("vendor.key").toString(),
                        "--name",
                        "Seeblick Managed Security",
                        "--instances",
                        "100",
                        "--throughput-bps",
                        "10000000000",
                        "--virtual-services",
                        "500",
                        "--features",
                        "adc",
                        "--days",
                        "365",
                        "--out",
                        license.toString());
                return new LicenseFiles(directory.resolve("vendor.pub"), license);
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }

        private static void run(String... words) throws IOException {
            var command = new java.util.ArrayList<>(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-cp",
                    System.getProperty("java.class.path"),
                    "io.garrison.licensing.cli.LicenseCommand"));
            command.addAll(List.of(words));
            var process = new ProcessBuilder(command).redirectErrorStream(true).start();
            var said = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
            try {
                if (process.waitFor() != 0) {
                    throw new IOException(said);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException(e);
            }
        }
    }
}
