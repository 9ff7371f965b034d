package io.garrison.edge.agent;

import io.garrison.edge.sync.Backoff;
import io.garrison.edge.sync.GatewayClient;
import io.garrison.edge.sync.GatewayException;
import io.garrison.edge.sync.LastMeters;
import io.garrison.edge.sync.Stop;
import io.garrison.edge.sync.TelemetryOutlet;
import io.garrison.edge.telemetry.Shipper;
import io.garrison.edge.telemetry.Spool;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends what the spool holds, as soon as there is something and as long as management takes it. */
final class Shipping implements Runnable {

    private static final Logger log = LoggerFactory.getLogger(Shipping.class);
    private static final Duration RESEND_FIRST = Duration.ofSeconds(60);
    private static final Duration RESEND_LONGEST = Duration.ofMinutes(10);
    private static final Duration IDLE = Duration.ofSeconds(5);

    private final Spool spool;
    private final GatewayClient gateway;
    private final Shipper shipper;
    private final LastMeters last;
    private final Backoff backoff;
    private final Stop stop;
    private final Semaphore news = new Semaphore(0);
    private Duration resend = RESEND_FIRST;
    private long sentNanos = System.nanoTime();
    private long waiting;

    Shipping(Spool spool, GatewayClient gateway, RandomGenerator random, Stop stop) {
        this.stop = stop;
        this.spool = spool;
        this.gateway = gateway;
        this.shipper = new Shipper(spool, new TelemetryOutlet(gateway));
        this.last = new LastMeters(spool, gateway);
        this.backoff = new Backoff(Duration.ofMillis(500), Duration.ofSeconds(30), random);
    }

    /** There is something to send. Thread-safe. */
    void wake() {
        news.release();
    }

    /** Sends meter records from the caller's thread, for a flush. */
    void shipMetersNow() throws IOException, InterruptedException {
        shipper.shipMeters();
    }

    @Override
    public void run() {
        while (!stop.isSet()) {
            var wait = IDLE;
            try {
                resendIfSilent();
                ship();
                if (!backoff.isFresh()) {
                    log.info("Telemetry reaches management again");
                }
                backoff.success();
            } catch (InterruptedException e) {
                return;
            } catch (IOException e) {
                if (backoff.isFresh() && !stop.isSet()) {
                    log.warn("Telemetry waits on this machine: {}", e.toString());
                }
                wait = backoff.afterFailure(GatewayException.retryAfterOf(e));
                news.drainPermits();
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

    /** Who was taken out of its stack has nothing to tell but what is billed; the rest waits, and the oldest of it goes. */
    private void ship() throws IOException, InterruptedException {
        if (gateway.isShutOut()) {
            if (last.ship()) {
                sentNanos = System.nanoTime();
            }
            return;
        }
        if (shipper.shipMeters()) {
            sentNanos = System.nanoTime();
        }
        while (!stop.isSet() && shipper.shipTelemetry()) {
            shipper.shipMeters();
        }
    }

    /** What was taken and never acknowledged may have been lost behind the gateway. */
    private void resendIfSilent() {
        long records = spool.meterRecords();
        if (records == 0 || records < waiting) {
            resend = RESEND_FIRST;
        }
        waiting = records;
        if (records > 0 && System.nanoTime() - sentNanos > resend.toNanos()) {
            spool.resendMeters();
            sentNanos = System.nanoTime();
            resend = resend.multipliedBy(2).compareTo(RESEND_LONGEST) > 0 ? RESEND_LONGEST : resend.multipliedBy(2);
        }
    }
}
