package io.garrison.reporting.jasper;

import io.garrison.instances.DrillHistory;
import io.garrison.instances.InstanceDirectory;
import io.garrison.instances.InstanceId;
import io.garrison.reporting.ReportCatalog.Format;
import io.garrison.reporting.ReportCatalog.Run;
import io.garrison.reporting.UsageQuery;
import io.garrison.reporting.usage.UsageLedger;
import io.garrison.tenancy.Actor;
import io.garrison.tenancy.CurrentTenant;
import io.garrison.tenancy.Operations;
import io.garrison.tenancy.TenantDirectory;
import io.garrison.tenancy.TenantId;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Makes the usage report: reads in short transactions, fills and exports in none, and stores the files. */
@Component
class UsageReport {

    static final String ID = "usage-monthly";

    private static final Logger log = LoggerFactory.getLogger(UsageReport.class);

    /** Filling is memory and processor time; the others wait. */
    private static final Semaphore AT_ONCE = new Semaphore(2);

    private final UsageLedger ledger;
    private final ReportRuns runs;
    private final Operations operations;
    private final Sources sources;

    UsageReport(UsageLedger ledger, ReportRuns runs, Operations operations, Sources sources) {
        this.ledger = ledger;
        this.runs = runs;
        this.operations = operations;
        this.sources = sources;
    }

    /** What the report says beside the usage. */
    @Component
    record Sources(TenantDirectory tenants, InstanceDirectory instances, DrillHistory drills) {}

    /** A thread of its own inherits no tenant and no actor; both are bound anew. */
    void startInBackground(TenantId tenant, Run run) {
        var actor = Actor.current();
        Thread.ofVirtual()
                .name("report-" + run.id())
                .start(() -> Actor.callAs(actor, () -> {
                    CurrentTenant.runAs(tenant, () -> make(tenant, run));
                    return true;
                }));
    }

    private void make(TenantId tenant, Run run) {
        var operation = run.operation() == null ? new UUID(0, 0) : run.operation();
        try {
            AT_ONCE.acquire();
            try {
                runs.succeed(run.id(), files(tenant, run));
            } finally {
                AT_ONCE.release();
            }
            operations.succeed(operation, "/api/v1/tenants/%s/report-runs/%s".formatted(tenant, run.id()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            log.error("report run {} failed", run.id(), e);
            var message = "The report could not be made. Start it again; if it fails again, ask the provider.";
            runs.fail(run.id(), message);
            operations.fail(operation, "report.failed", message);
        }
    }

    private Map<Format, byte[]> files(TenantId tenant, Run run) {
        var summary = sources.tenants().find(tenant);
        ZoneId zone = summary.map(found -> found.timeZone()).orElse(ZoneOffset.UTC);
        var names = new ConcurrentHashMap<UUID, String>();
        var totals = new UsageTotals(zone, id -> names.computeIfAbsent(id, this::name));
        var from = nextHour(run.from());
        var to = nextHour(run.to());
        if (from.isBefore(to)) {
            var query = new UsageQuery(from, to);
            String after = null;
            do {
                var page = ledger.wholeStreams(query, after);
                page.items().forEach(totals::add);
                after = page.next();
            } while (after != null);
        }
        var drills = new DrillLines(zone, sources.drills().between(run.from(), run.to()));
        var period = "%s to %s, times in %s".formatted(local(from, zone), local(to, zone), zone);
        var parameters = Map.of(
                "TENANT",
                summary.map(found -> found.name()).orElse(tenant.toString()),
                "PERIOD",
                period,
                "NOTE",
                String.join(
                        " ",
                        Stream.of(totals.note(), drills.note())
                                .filter(note -> !note.isEmpty())
                                .toList()));
        var rows = new ArrayList<>(totals.rows());
        rows.addAll(drills.rows());
        return Template.load(ID).export(parameters, rows);
    }

    private String name(UUID instance) {
        return sources.instances()
                .instance(new InstanceId(instance))
                .map(InstanceDirectory.Entry::name)
                .orElse(instance.toString());
    }

    /**
     * Usage comes by whole hours of UTC. An hour belongs to the period in which it begins, so that of two periods of which
     * one follows the other none has it twice, in zones that are half an hour apart from UTC too.
     */
    private static Instant nextHour(Instant at) {
        var hour = at.truncatedTo(ChronoUnit.HOURS);
        return hour.equals(at) ? hour : hour.plus(1, ChronoUnit.HOURS);
    }

    private static String local(Instant at, ZoneId zone) {
        return at.atZone(zone).toLocalDateTime().truncatedTo(ChronoUnit.MINUTES).toString();
    }
}
