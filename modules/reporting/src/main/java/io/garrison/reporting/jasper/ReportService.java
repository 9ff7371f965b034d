package io.garrison.reporting.jasper;

import io.garrison.reporting.ReportCatalog;
import io.garrison.reporting.ReportingException.BadCursor;
import io.garrison.reporting.ReportingException.BadRange;
import io.garrison.reporting.ReportingException.NoFileYet;
import io.garrison.reporting.ReportingException.TooManyRuns;
import io.garrison.reporting.ReportingException.UnknownReport;
import io.garrison.reporting.UsageQuery;
import io.garrison.tenancy.CurrentTenant;
import io.garrison.tenancy.Operations;
import io.garrison.tenancy.Permission;
import io.garrison.tenancy.Requires;
import io.garrison.tenancy.http.Page;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;

@Service
@Requires(Permission.TELEMETRY_VIEW)
class ReportService implements ReportCatalog {

    private static final Duration LONGEST = Duration.ofDays(92);
    private static final int RUNNING_AT_ONCE = 3;
    private static final List<Definition> DEFINITIONS = List.of(new Definition(
            UsageReport.ID,
            "Usage",
            "What was used in a period, by virtual service and by day, adding up to the usage records; and what rehearsed"
                    + " failovers took."));

    private final ReportRuns runs;
    private final UsageReport report;
    private final Operations operations;
    private final Clock clock;

    ReportService(ReportRuns runs, UsageReport report, Operations operations, Clock clock) {
        this.runs = runs;
        this.report = report;
        this.operations = operations;
        this.clock = clock;
    }

    @Override
    public List<Definition> definitions() {
        return DEFINITIONS;
    }

    @Override
    public Run start(String definition, Instant from, Instant to) {
        if (DEFINITIONS.stream().noneMatch(known -> known.id().equals(definition))) {
            throw new UnknownReport();
        }
        var query = new UsageQuery(from, to);
        if (Duration.between(query.from(), query.to()).compareTo(LONGEST) > 0) {
            throw new BadRange("A report covers at most %d days.".formatted(LONGEST.toDays()));
        }
        if (runs.running() >= RUNNING_AT_ONCE) {
            throw new TooManyRuns(RUNNING_AT_ONCE);
        }
        var run = new Run(
                UUID.randomUUID(),
                definition,
                from,
                to,
                State.RUNNING,
                clock.instant().truncatedTo(ChronoUnit.MICROS),
                operations.start("report.run", ReportRuns.LONGEST),
                null);
        runs.begin(run);
        report.startInBackground(CurrentTenant.require(), run);
        return run;
    }

    @Override
    public Run run(UUID id) {
        return runs.find(id).orElseThrow(UnknownReport::new);
    }

    @Override
    public Page<Run> runs(@Nullable String after, int limit) {
        return Page.of(
                runs.list(after == null ? null : cursor(after), limit + 1),
                limit,
                run -> run.id().toString());
    }

    @Override
    public File file(UUID run, Format format) {
        var found = run(run);
        if (found.state() != State.SUCCEEDED) {
            throw new NoFileYet(found.state().name().toLowerCase(Locale.ROOT));
        }
        return runs.file(found, format).orElseThrow(UnknownReport::new);
    }

    private static UUID cursor(String after) {
        try {
            return UUID.fromString(after);
        } catch (IllegalArgumentException e) {
            throw new BadCursor();
        }
    }
}
