package io.garrison.licensing;

import io.garrison.licensing.file.LicenseFile;
import io.garrison.protocol.SeenTime;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Who this installation is and what time it is for licences; {@link SeenTime} has the rules. The latest time seen is kept
 * in the database once a minute, so a restart loses a minute of it at most, what this installation has dated
 * stands in for it where it was lost, and licences that others signed prove a time as well.
 *
 * <p>Each replica judges its own clock. That a jump has lasted is counted in the database, and a replica whose clock has
 * not jumped ends the count: one clock alone that is wrong is never believed.
 */
@Component
class Installation implements LicenseTime {

    private static final Logger log = LoggerFactory.getLogger(Installation.class);

    private final JdbcClient jdbc;
    private final Clock clock;
    private final ObjectProvider<TimeEvidence> evidence;
    private final TransactionTemplate transaction;
    private final AtomicReference<@Nullable SeenTime> seen = new AtomicReference<>();
    private boolean asked;
    private SeenTime.State told = SeenTime.State.STEADY;

    Installation(
            JdbcClient jdbc,
            Clock clock,
            ObjectProvider<TimeEvidence> evidence,
            PlatformTransactionManager transactions) {
        this.jdbc = jdbc;
        this.clock = clock;
        this.evidence = evidence;
        this.transaction = new TransactionTemplate(transactions);
    }

    UUID id() {
        return jdbc.sql("select id from licensing.installation")
                .query(UUID.class)
                .single();
    }

    @Override
    public Instant now() {
        return look().mark();
    }

    /**
     * Somebody else signed a licence at that time. Where the clock agrees that it is that late, two witnesses do, and a jump
     * up to there is believed; a licence from the future proves nothing.
     */
    void attest(Instant issuedAt) {
        if (!issuedAt.isAfter(clock.instant())) {
            look();
            change(time -> time.attested(issuedAt));
            look();
        }
    }

    /** How the clock stands now. */
    SeenTime look() {
        if (seen.get() == null) {
            seen.compareAndSet(null, stored());
        }
        return change(time -> time.observe(clock.instant()));
    }

    /** Keeps the latest time, and takes over what other replicas have seen. */
    @Scheduled(fixedDelayString = "PT1M")
    void remember() {
        look();
        if (!asked) {
            // Where the time seen was lost, what was dated stands in for it. Where it was not, what is dated later was
            // dated
            // during a jump that was not believed.
            if (stored().mark().equals(Instant.EPOCH)) {
                evidence.orderedStream()
                        .flatMap(witness -> witness.newest().stream())
                        .forEach(at -> change(time -> time.attested(at)));
            }
            var signed = newestSigned();
            attest(signed);
            change(time -> time.written(signed));
            asked = true;
        }
        transaction.executeWithoutResult(status -> keep(false));
    }

    /** Believes the clock. In the caller's transaction. */
    void confirm() {
        look();
        keep(true);
    }

    private void keep(boolean confirmed) {
        var shared = lock();
        var own = Objects.requireNonNull(seen.get()).attested(shared.mark()).observe(clock.instant());
        if (confirmed) {
            own = own.confirmed(clock.instant());
        } else if (own.jump() != null) {
            var since = shared.jump() == null ? own.mark() : shared.jump().since();
            own = new SeenTime(own.mark(), new SeenTime.Jump(own.jump().ahead(), since)).settled(clock.instant());
        }
        var jump = own.jump();
        jdbc.sql("update licensing.installation set time_seen = ?, ahead_seconds = ?, ahead_since = ?")
                .param(Rows.utc(own.mark()))
                .param(jump == null ? null : jump.ahead().toSeconds())
                .param(jump == null ? null : Rows.utc(jump.since()))
                .update();
        seen.set(own);
        tell(own);
        leaveNotice(own);
    }

    /** Once per occasion: the time at which it was noticed stands still, or is kept, until it is over. */
    private void leaveNotice(SeenTime time) {
        var jump = time.jump();
        switch (time.state(clock.instant())) {
            case STEADY -> {}
            case BEHIND ->
                insert(
                        LicenseNotice.Kind.CLOCK_BEHIND,
                        time.mark(),
                        time,
                        "The clock of this installation says %s, but it was later before. Licences go by %s until the clock has caught up. Set it right."
                                .formatted(clock.instant(), time.mark()));
            case AHEAD ->
                insert(
                        LicenseNotice.Kind.CLOCK_AHEAD,
                        (jump == null ? time.mark() : jump.since()).truncatedTo(ChronoUnit.DAYS),
                        time,
                        "The clock of this installation has jumped to %s. Licences go by %s until you confirm it, or for 72 hours. Set it right, or confirm it."
                                .formatted(clock.instant(), time.mark()));
        }
    }

    private void insert(LicenseNotice.Kind kind, Instant subject, SeenTime time, String message) {
        jdbc.sql("""
                        insert into licensing.installation_notice (id, kind, subject, at, message)
                        values (?, ?, ?, ?, ?) on conflict do nothing""")
                .params(
                        UUID.randomUUID(),
                        kind.name(),
                        subject.truncatedTo(ChronoUnit.MICROS).toString(),
                        Rows.utc(time.mark()),
                        message)
                .update();
    }

    private synchronized void tell(SeenTime time) {
        var state = time.state(clock.instant());
        if (state == told) {
            return;
        }
        switch (state) {
            case STEADY -> log.info("the clock agrees with the latest time seen");
            case BEHIND ->
                log.warn(
                        "the clock is {} behind the latest time seen; licences go by the latter",
                        Duration.between(clock.instant(), time.mark()));
            case AHEAD ->
                log.warn(
                        "the clock has jumped to {}; licences go by {} until that is confirmed",
                        clock.instant(),
                        time.mark());
        }
        told = state;
    }

    private SeenTime change(java.util.function.UnaryOperator<SeenTime> change) {
        return Objects.requireNonNull(seen.updateAndGet(time -> change.apply(Objects.requireNonNull(time))));
    }

    private SeenTime stored() {
        return jdbc.sql("select * from licensing.installation")
                .query(Installation::time)
                .single();
    }

    private SeenTime lock() {
        return jdbc.sql("select * from licensing.installation for update")
                .query(Installation::time)
                .single();
    }

    private static SeenTime time(ResultSet row, int number) throws SQLException {
        var since = Rows.optionalInstant(row, "ahead_since");
        return new SeenTime(
                Rows.instant(row, "time_seen"),
                since == null ? null : new SeenTime.Jump(Duration.ofSeconds(row.getLong("ahead_seconds")), since));
    }

    private Instant newestSigned() {
        return jdbc
                .sql("select jws from licensing.license order by loaded_at desc limit 20")
                .query(String.class)
                .list()
                .stream()
                .map(jws -> LicenseFile.issuedAt(Objects.requireNonNull(jws)))
                .max(Instant::compareTo)
                .orElse(Instant.EPOCH);
    }
}
