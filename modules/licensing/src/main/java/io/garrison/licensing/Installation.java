package io.garrison.licensing;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Who this installation is and what time it is for licences: the later of the clock and the latest time ever seen here.
 * Turning the clock back makes time stand still until the clock has caught up; it never makes a licence last longer. The
 * mark is kept in the database once a minute, so a restart loses a minute of it at most.
 */
@Component
class Installation {

    private static final Logger log = LoggerFactory.getLogger(Installation.class);
    private static final Duration TOLERATED = Duration.ofHours(1);

    private final JdbcClient jdbc;
    private final Clock clock;
    private final AtomicReference<Instant> seen = new AtomicReference<>(Instant.MIN);
    private boolean behind;

    Installation(JdbcClient jdbc, Clock clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    UUID id() {
        return jdbc.sql("select id from licensing.installation")
                .query(UUID.class)
                .single();
    }

    /** Effective time; never goes back. */
    Instant now() {
        if (seen.get().equals(Instant.MIN)) {
            advance(stored());
        }
        return advance(clock.instant());
    }

    /** Keeps the mark, and takes over what another replica has seen. */
    @Scheduled(fixedDelayString = "PT1M")
    void remember() {
        var now = now();
        jdbc.sql("update licensing.installation set time_seen = ? where time_seen < ?")
                .params(Rows.utc(now), Rows.utc(now))
                .update();
        advance(stored());
        report(Duration.between(clock.instant(), now));
    }

    private synchronized void report(Duration gap) {
        boolean nowBehind = gap.compareTo(TOLERATED) > 0;
        if (nowBehind && !behind) {
            log.warn("the clock is {} behind the latest time seen; licences go by the latter", gap);
        } else if (behind && !nowBehind) {
            log.info("the clock has caught up with the latest time seen");
        }
        behind = nowBehind;
    }

    private Instant stored() {
        return jdbc.sql("select time_seen from licensing.installation")
                .query((row, number) -> Rows.instant(row, "time_seen"))
                .single();
    }

    private Instant advance(Instant candidate) {
        return seen.accumulateAndGet(candidate, (a, b) -> a.isAfter(b) ? a : b);
    }
}
