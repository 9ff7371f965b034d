package io.garrison.edge.sync;

import io.garrison.protocol.Report;
import io.garrison.protocol.ReportAnswer;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reports to management at a fixed pace, and at once when there is news. */
public final class Heartbeat implements Runnable {

    private static final Duration LONGEST = Duration.ofSeconds(10);
    private static final Logger log = LoggerFactory.getLogger(Heartbeat.class);

    private final GatewayClient gateway;
    private final Duty duty;
    private final Duration pace;
    private final Backoff backoff;
    private final Clock clock;
    private final Stop stop;
    private final Semaphore news = new Semaphore(0);
    private volatile @Nullable Instant lastContact;

    /** What is said and what is done with the answer. */
    public interface Duty {
        Report report();

        void answered(Report report, ReportAnswer answer) throws IOException, InterruptedException;
    }

    public Heartbeat(GatewayClient gateway, Duty duty, int seconds, Clock clock, RandomGenerator random, Stop stop) {
        this.stop = stop;
        this.gateway = gateway;
        this.duty = duty;
        this.pace = Duration.ofSeconds(seconds);
        this.clock = clock;
        var longest = pace.compareTo(LONGEST) > 0 ? pace : LONGEST;
        this.backoff = new Backoff(pace.dividedBy(4), longest, random);
    }

    /** Lets the next report go out now. Thread-safe. */
    public void beatNow() {
        news.release();
    }

    /** When management last answered; empty if never. */
    public @Nullable Instant lastContact() {
        return lastContact;
    }

    @Override
    public void run() {
        while (!stop.isSet()) {
            var wait = pace;
            try {
                var report = duty.report();
                var answer = gateway.report(report);
                lastContact = clock.instant();
                if (!backoff.isFresh()) {
                    log.info("Reports reach management again");
                }
                backoff.success();
                duty.answered(report, answer);
            } catch (InterruptedException e) {
                return;
            } catch (IOException e) {
                if (backoff.isFresh() && !stop.isSet()) {
                    log.warn("A report did not reach management: {}", e.toString());
                }
                wait = backoff.afterFailure(GatewayException.retryAfterOf(e));
            }
            try {
                if (news.tryAcquire(wait.toMillis(), TimeUnit.MILLISECONDS)) {
                    news.drainPermits();
                }
            } catch (InterruptedException e) {
                return;
            }
        }
    }
}
