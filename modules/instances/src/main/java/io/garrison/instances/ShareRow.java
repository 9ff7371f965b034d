package io.garrison.instances;

import io.garrison.protocol.Report;
import io.garrison.protocol.ThroughputShare;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One instance's share of throughput, and what it measured.
 *
 * @param told its newest report
 */
record ShareRow(InstanceId instance, Grant grant, Reading reading, Rate rate, Report.Throughput told) {

    /** Beyond what any machine passes; an instance that says more is not believed. */
    private static final long MOST_BPS = 1_000_000_000_000_000L;

    private static final long MOST_NUMBER = 1L << 52;

    /** A shorter span says little of a rate; it is added to the next one. */
    private static final long SHORTEST_MS = 900;

    /**
     * @param number grows with every change
     * @param bps what was told last; null if it is not limited, or was never told anything
     * @param heldBps the most that the instance may be passing
     */
    record Grant(long number, @Nullable Long bps, @Nullable Long heldBps) {

        /** If what was told last is in force, nothing that was told before is. */
        Grant confirmed(Report.Throughput told) {
            boolean inForce = told.shareNumber() == number && Objects.equals(told.shareBps(), bps);
            return inForce ? new Grant(number, bps, bps) : new Grant(known(told), bps, heldBps);
        }

        /** The instance may know newer numbers than a database that was restored. */
        private long known(Report.Throughput told) {
            return Math.max(number, Math.clamp(told.shareNumber(), 0, MOST_NUMBER));
        }

        Grant to(long newBps) {
            return Objects.equals(bps, newBps)
                    ? this
                    : new Grant(number + 1, newBps, heldBps == null ? newBps : Math.max(heldBps, newBps));
        }

        Grant unlimited() {
            return number > 0 && bps == null ? this : new Grant(number + 1, null, null);
        }
    }

    /**
     * Totals of one run of the agent.
     *
     * @param sequence of the report
     */
    record Reading(UUID bootId, long sequence, long measuredMs, long bytesIn, long bytesOut) {

        static Reading of(Report report, Report.Throughput told) {
            return new Reading(report.bootId(), report.sequence(), told.measuredMs(), told.bytesIn(), told.bytesOut());
        }

        private Reading heard(long newSequence) {
            return new Reading(bootId, newSequence, measuredMs, bytesIn, bytesOut);
        }

        private boolean goesOn(Reading former) {
            return bootId.equals(former.bootId)
                    && measuredMs >= former.measuredMs
                    && bytesIn >= former.bytesIn
                    && bytesOut >= former.bytesOut;
        }
    }

    /**
     * @param inBps mean from clients over the last span
     * @param outBps mean to clients
     * @param demandBps the larger of the two; falls by half with each report at most
     * @param hungry it uses more than nine tenths of its share
     * @param span what was added to the totals; null if this report brought no rate
     */
    record Rate(
            long inBps,
            long outBps,
            long demandBps,
            boolean hungry,
            @Nullable Span span) {

        static final Rate NONE = new Rate(0, 0, 0, false, null);

        private Rate next(Span span, @Nullable Long share) {
            long in = span.bps(span.bytesIn());
            long out = span.bps(span.bytesOut());
            long used = Math.max(in, out);
            boolean nearlyAll = share != null && used > share - share / 10;
            return new Rate(in, out, Math.max(used, demandBps / 2), nearlyAll, span);
        }

        private Rate unchanged() {
            return new Rate(inBps, outBps, demandBps, hungry, null);
        }
    }

    record Span(long millis, long bytesIn, long bytesOut) {

        private static Span of(long millis, long bytesIn, long bytesOut) {
            long most = Math.round(MOST_BPS / 8_000.0 * millis);
            return new Span(millis, Math.min(bytesIn, most), Math.min(bytesOut, most));
        }

        private long bps(long bytes) {
            return Math.round(bytes * 8_000.0 / millis);
        }
    }

    static ShareRow first(InstanceId instance, Report report, Report.Throughput told) {
        long number = Math.clamp(told.shareNumber(), 0, MOST_NUMBER);
        return new ShareRow(instance, new Grant(number, null, null), Reading.of(report, told), Rate.NONE, told);
    }

    boolean isNewerThan(Report report) {
        return reading.bootId().equals(report.bootId()) && reading.sequence() >= report.sequence();
    }

    ShareRow after(Report report, Report.Throughput now) {
        var confirmed = grant.confirmed(now);
        var read = Reading.of(report, now);
        if (!read.goesOn(reading)) {
            return new ShareRow(instance, confirmed, read, rate.unchanged(), now);
        }
        long millis = read.measuredMs() - reading.measuredMs();
        if (millis < SHORTEST_MS) {
            return new ShareRow(instance, confirmed, reading.heard(report.sequence()), rate.unchanged(), now);
        }
        var span = Span.of(millis, read.bytesIn() - reading.bytesIn(), read.bytesOut() - reading.bytesOut());
        return new ShareRow(instance, confirmed, read, rate.next(span, grant.bps()), now);
    }

    ShareRow with(Grant given) {
        return new ShareRow(instance, given, reading, rate, told);
    }

    ThroughputShare share() {
        return new ThroughputShare(grant.number(), grant.bps());
    }

    /** Of an instance that was heard of just now. */
    ShareGrants.Member member(StackId stack) {
        return new ShareGrants.Member(
                instance, stack, grant.bps(), grant.heldBps(), rate.demandBps(), rate.hungry(), false);
    }
}
