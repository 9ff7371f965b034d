package io.garrison.reporting.ui;

import static org.assertj.core.api.Assertions.assertThat;

import com.vaadin.browserless.BrowserlessTest;
import com.vaadin.flow.component.UI;
import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.html.Anchor;
import com.vaadin.flow.component.select.Select;
import io.garrison.reporting.ReportCatalog;
import io.garrison.reporting.ReportingException;
import io.garrison.tenancy.Permission;
import io.garrison.tenancy.TenantId;
import io.garrison.tenancy.http.Page;
import io.garrison.tenancy.ui.TenantScope;
import java.time.Clock;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The monthly reports as the page lists and makes them. */
class ReportListTests extends BrowserlessTest {

    private static final ZoneId ZONE = ZoneId.of("Europe/Berlin");
    private static final Instant OCTOBER = Instant.parse("2026-09-30T22:00:00Z");
    private static final Instant NOVEMBER = Instant.parse("2026-10-31T23:00:00Z");
    private static final Instant NOW = Instant.parse("2026-11-27T10:00:00Z");

    private final Kept kept = new Kept();

    private ReportList list() {
        var list = new ReportList(kept, new Scope(), ZONE, Clock.fixed(NOW, ZONE));
        UI.getCurrent().add(list);
        return list;
    }

    private static ReportCatalog.Run run(ReportCatalog.State state, @Nullable String error) {
        return new ReportCatalog.Run(UUID.randomUUID(), "usage-monthly", OCTOBER, NOVEMBER, state, NOW, null, error);
    }

    private static String text() {
        return UI.getCurrent().getElement().getTextRecursively();
    }

    @Test
    void saysWhatAReportIsWhereThereIsNone() {
        list();

        assertThat(text()).contains("No report yet", "rehearsed failovers");
    }

    @Test
    void offersTheFilesOfThoseThatAreReadyAndSaysWhyOneIsNot() {
        kept.all.add(run(ReportCatalog.State.SUCCEEDED, null));
        kept.all.add(run(ReportCatalog.State.FAILED, "The run was interrupted. Start it again."));
        kept.all.add(run(ReportCatalog.State.RUNNING, null));
        list();

        assertThat($(Anchor.class).all()).extracting(Anchor::getText).containsExactly("PDF", "Excel", "CSV", "HTML");
        assertThat(text()).contains("Usage, October 2026", "Ready", "The run was interrupted.", "is being made");
    }

    @Test
    void makesTheReportOfAMonthInTheTenantsZone() {
        var list = list();

        list.ask();
        Select<YearMonth> month = month();
        assertThat(month.getValue()).as("the last whole one").isEqualTo(YearMonth.of(2026, 10));
        test($(Button.class).withText("Make report").single()).click();

        assertThat(kept.all).singleElement().satisfies(run -> {
            assertThat(run.from()).isEqualTo(OCTOBER);
            assertThat(run.to()).isEqualTo(NOVEMBER);
        });
        assertThat(text()).contains("Usage, October 2026", "Running");
    }

    @Test
    void keepsTheDialogWhereTheReportIsRefused() {
        kept.refusal = new ReportingException.TooManyRuns(3);
        list().ask();

        test($(Button.class).withText("Make report").single()).click();

        assertThat(month().isAttached()).isTrue();
        assertThat(kept.all).isEmpty();
    }

    @SuppressWarnings("unchecked")
    private Select<YearMonth> month() {
        return $(Select.class).single();
    }

    private static final class Kept implements ReportCatalog {
        final List<Run> all = new ArrayList<>();

        @Nullable
        ReportingException refusal;

        @Override
        public List<Definition> definitions() {
            return List.of();
        }

        @Override
        public Run start(String definition, Instant from, Instant to) {
            if (refusal != null) {
                throw refusal;
            }
            var run = new Run(UUID.randomUUID(), definition, from, to, State.RUNNING, NOW, null, null);
            all.addFirst(run);
            return run;
        }

        @Override
        public Run run(UUID id) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Page<Run> runs(@Nullable String after, int limit) {
            return new Page<>(List.copyOf(all), null);
        }

        @Override
        public File file(UUID run, Format format) {
            throw new UnsupportedOperationException();
        }
    }

    private record Scope() implements TenantScope {

        @Override
        public TenantId tenant() {
            return new TenantId(new UUID(0, 9));
        }

        @Override
        public String name() {
            return "Acme";
        }

        @Override
        public String slug() {
            return "acme";
        }

        @Override
        public boolean visiting() {
            return false;
        }

        @Override
        public <R> R call(Supplier<R> work) {
            return work.get();
        }

        @Override
        public boolean may(Permission permission) {
            return true;
        }
    }
}
