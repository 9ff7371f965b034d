package io.garrison.reporting.stats;

import io.garrison.tenancy.ProviderScope;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/** Deletes old statistics, in portions, so that no transaction is long. Any number of replicas may do it at once. */
@Component
class StatsRetention {

    static final Duration SAMPLES = Duration.ofHours(24);
    static final Duration SLOTS = Duration.ofDays(90);

    private static final Logger log = LoggerFactory.getLogger(StatsRetention.class);
    private static final int PORTION = 20_000;

    private final JdbcClient database;
    private final TransactionTemplate transactions;
    private final Clock clock;

    StatsRetention(JdbcClient database, TransactionTemplate transactions, Clock clock) {
        this.database = database;
        this.transactions = transactions;
        this.clock = clock;
    }

    @Scheduled(initialDelayString = "PT3M", fixedDelayString = "PT15M")
    void deleteWhatIsOld() {
        var now = clock.instant();
        ProviderScope.run(() -> {
            var deleted = delete("stats_sample", "taken_at", now.minus(SAMPLES))
                    + delete("stats_slot", "slot", now.minus(SLOTS))
                    + delete("stats_source", "last_at", now.minus(SLOTS));
            if (deleted > 0) {
                log.debug("{} rows of old statistics deleted", deleted);
            }
        });
    }

    private int delete(String table, String column, Instant before) {
        var deleted = 0;
        while (true) {
            Integer rows = transactions.execute(status -> database.sql("""
                    delete from reporting.%1$s where ctid = any(array(
                        select ctid from reporting.%1$s where %2$s < :before limit :portion))""".formatted(table, column))
                    .param("before", Timestamp.from(before))
                    .param("portion", PORTION)
                    .update());
            deleted += rows == null ? 0 : rows;
            if (rows == null || rows < PORTION) {
                return deleted;
            }
        }
    }
}
