package io.garrison.shell;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.AriaRole;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;

/** A person at the console: one browser, one session, everything the page complained about. */
final class ConsoleBrowser implements AutoCloseable {

    static final Path CHROMIUM = Path.of(System.getProperty("garrison.test.chromium", "/usr/bin/chromium"));

    private static final int DESKTOP_WIDTH = 1440;
    private static final int PHONE_WIDTH = 390;

    private final Playwright playwright;
    private final Browser browser;
    private final String address;
    private final List<BrowserContext> sessions = new ArrayList<>();
    private final List<String> complaints = new ArrayList<>();

    ConsoleBrowser(String address) {
        // A slow machine is not a fault; what does not come at all fails all the same.
        PlaywrightAssertions.setDefaultAssertionTimeout(30_000);
        Assumptions.assumeTrue(
                Files.isExecutable(CHROMIUM),
                () -> "The console is tested in Chromium, which is not at " + CHROMIUM
                        + ". Install the package chromium, or name another with -Dgarrison.test.chromium.");
        this.address = address;
        playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        browser = playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(CHROMIUM)
                        .setArgs(List.of(
                                "--no-sandbox",
                                "--disable-gpu",
                                "--disable-quic",
                                "--no-first-run",
                                "--disable-background-networking",
                                "--disable-component-update",
                                "--disable-sync")));
    }

    Page desktop() {
        return open(DESKTOP_WIDTH, 900);
    }

    Page phone() {
        return open(PHONE_WIDTH, 844);
    }

    private Page open(int width, int height) {
        var session = browser.newContext(
                new Browser.NewContextOptions().setBaseURL(address).setViewportSize(width, height));
        sessions.add(session);
        var page = session.newPage();
        page.setDefaultTimeout(20_000);
        page.onPageError(complaints::add);
        page.onConsoleMessage(message -> {
            // a refused sign-in and a page that is not there answer with a status that the browser notes itself
            if (message.type().equals("error") && !message.text().startsWith("Failed to load resource")) {
                complaints.add(message.text() + " at " + page.url());
            }
        });
        return page;
    }

    static void signIn(Page page, String email, String password) {
        page.navigate("/login");
        page.locator("input[name=username]").fill(email);
        page.locator("input[name=password]").fill(password);
        page.locator("input[name=password]").press("Enter");
    }

    static Locator button(Page page, String name) {
        return page.getByRole(
                AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    /** Types into the field of that label, and leaves it. */
    static void type(Page page, String label, String text) {
        var field = page.getByLabel(label, new Page.GetByLabelOptions().setExact(true))
                .first();
        field.fill(text);
        field.press("Tab");
    }

    static void showsTitle(Page page, String title) {
        assertThat(page.locator("h1")).hasText(title);
    }

    /** How many pixels something of the page reaches beyond the window; lists, charts and tabs scroll by themselves. */
    static int overflow(Page page) {
        return ((Number) page.evaluate("""
                        () => {
                          const cut = [...document.querySelectorAll('.page *')]
                            .filter(each => !each.closest('vaadin-grid, .drawer, garrison-chart, vaadin-tabs'))
                            .filter(each => each.checkVisibility())
                            .map(each => each.getBoundingClientRect().right);
                          return Math.round(Math.max(document.documentElement.scrollWidth, ...cut) - window.innerWidth);
                        }""")).intValue();
    }

    /** Errors of scripts and of the console, over all pages so far. */
    List<String> complaints() {
        return List.copyOf(complaints);
    }

    @Override
    public void close() {
        sessions.forEach(BrowserContext::close);
        playwright.close();
    }
}
