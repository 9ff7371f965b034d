package io.garrison.reporting.jasper;

import io.garrison.reporting.ReportCatalog.File;
import io.garrison.reporting.ReportCatalog.Format;
import io.garrison.reporting.ReportCatalog.Run;
import io.garrison.reporting.ReportCatalog.State;
import io.garrison.tenancy.CurrentTenant;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** The bound tenant's runs and their files. The newest hundred are kept. */
@Component
class ReportRuns {

    static final int KEPT = 100;

    /** A run that takes longer was cut off by the end of the application. */
    static final Duration LONGEST = Duration.ofMinutes(10);

    private static final String RUN = """
            select id, definition, from_at, to_at, started_at, operation, error,
                   case when state = 'RUNNING' and started_at < :lost then 'FAILED' else state end as state
              from reporting.report_run""";

    private final JdbcClient database;
    private final Clock clock;

    ReportRuns(JdbcClient database, Clock clock) {
        this.database = database;
        this.clock = clock;
    }

    @Transactional
    public void begin(Run run) {
        database.sql("""
                insert into reporting.report_run
                    (tenant_id, id, definition, from_at, to_at, state, started_at, operation)
                values (:tenant, :id, :definition, :from, :to, 'RUNNING', :started, :operation)""")
                .param("tenant", CurrentTenant.require().value())
                .param("id", run.id())
                .param("definition", run.definition())
                .param("from", Timestamp.from(run.from()))
                .param("to", Timestamp.from(run.to()))
                .param("started", Timestamp.from(run.startedAt()))
                .param("operation", run.operation())
                .update();
        database.sql("""
                delete from reporting.report_run where id in (
                    select id from reporting.report_run order by started_at desc, id desc offset :kept)""").param("kept", KEPT).update();
    }

    @Transactional
    public void succeed(UUID run, Map<Format, byte[]> files) {
        files.forEach((format, content) -> database.sql("""
                insert into reporting.report_file (tenant_id, run_id, format, content)
                values (:tenant, :run, :format, :content)""")
                .param("tenant", CurrentTenant.require().value())
                .param("run", run)
                .param("format", format.name())
                .param("content", content)
                .update());
        database.sql("update reporting.report_run set state = 'SUCCEEDED' where id = :run")
                .param("run", run)
                .update();
    }

    @Transactional
    public void fail(UUID run, String error) {
        database.sql("update reporting.report_run set state = 'FAILED', error = :error where id = :run")
                .param("run", run)
                .param("error", error)
                .update();
    }

    /** How many of the tenant's runs have not ended. */
    @Transactional(readOnly = true)
    public int running() {
        return database.sql("select count(*) from reporting.report_run where state = 'RUNNING' and started_at >= :lost")
                .param("lost", lost())
                .query(Integer.class)
                .single();
    }

    @Transactional(readOnly = true)
    public Optional<Run> find(UUID id) {
        return database.sql(RUN + " where id = :id")
                .param("id", id)
                .param("lost", lost())
                .query(ReportRuns::run)
                .optional();
    }

    /** @param after the run to go on behind, or null */
    @Transactional(readOnly = true)
    public List<Run> list(@Nullable UUID after, int limit) {
        return database.sql(RUN + "\n" + """
                 where (:after::uuid is null or (started_at, id) <
                        (select started_at, id from reporting.report_run where id = :after::uuid))
                 order by started_at desc, id desc limit :limit""")
                .param("after", after)
                .param("lost", lost())
                .param("limit", limit)
                .query(ReportRuns::run)
                .list();
    }

    @Transactional(readOnly = true)
    public Optional<File> file(Run run, Format format) {
        return database.sql("select content from reporting.report_file where run_id = :run and format = :format")
                .param("run", run.id())
                .param("format", format.name())
                .query((row, i) -> new File(name(run, format), format.mediaType(), row.getBytes(1)))
                .optional();
    }

    private static String name(Run run, Format format) {
        return "%s-%s.%s"
                .formatted(
                        run.definition(),
                        run.from().toString().substring(0, 10),
                        format.name().toLowerCase(Locale.ROOT));
    }

    private Timestamp lost() {
        return Timestamp.from(clock.instant().minus(LONGEST));
    }

    private static Run run(ResultSet row, int index) throws SQLException {
        var state = State.valueOf(row.getString("state"));
        var error = row.getString("error");
        return new Run(
                row.getObject("id", UUID.class),
                row.getString("definition"),
                instant(row, "from_at"),
                instant(row, "to_at"),
                state,
                instant(row, "started_at"),
                row.getObject("operation", UUID.class),
                state == State.FAILED && error == null ? "The run was interrupted. Start it again." : error);
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        return row.getTimestamp(column).toInstant();
    }
}
