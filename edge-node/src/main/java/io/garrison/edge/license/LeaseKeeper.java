package io.garrison.edge.license;

import io.garrison.edge.join.Identity;
import io.garrison.edge.license.LicenseStatus.State;
import io.garrison.edge.state.DoubleBuffer;
import io.garrison.edge.state.DurableFiles;
import io.garrison.edge.state.StateDirectory;
import io.garrison.protocol.Lease;
import io.garrison.protocol.LeaseReceipt;
import io.garrison.protocol.LeaseSigning;
import io.garrison.protocol.ProtocolJson;
import io.garrison.protocol.ReceiptSigning;
import io.garrison.protocol.SeenTime;
import io.garrison.protocol.UntrustedLeaseException;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds the instance's lease on its disk, and the latest time that was seen. Both are kept twice with checksums; the lease
 * is kept as it was signed and verified again when it is read. Thread-safe.
 */
public final class LeaseKeeper implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(LeaseKeeper.class);
    private static final Duration PACE = Duration.ofMinutes(1);

    private final Supplier<Identity> identity;
    private final Clock clock;
    private final DoubleBuffer file;
    private Kept kept;
    private @Nullable Lease lease;
    private SeenTime time;
    private State told = State.NONE;

    /**
     * What stands on the disk.
     *
     * @param newest when the newest lease that was ever taken was issued: none that is older comes in
     * @param returned the lease that was given back, if no other was taken since
     * @param receipt of that return, so that it can be written out again
     */
    private record Kept(
            @Nullable String lease,
            Instant newest,
            @Nullable UUID returned,
            @Nullable String receipt,
            SeenTime time) {

        static final Kept NOTHING = new Kept(null, Instant.EPOCH, null, null, SeenTime.NOTHING);

        Kept at(SeenTime now) {
            return new Kept(lease, newest, returned, receipt, now);
        }
    }

    /** What became of a lease that was offered. */
    public sealed interface Offered {

        record Taken(Lease lease) implements Offered {}

        /** It is the one that is held already. */
        record Known(Lease lease) implements Offered {}

        /** @param code stable: {@code lease.…} */
        record Refused(String code, String reason) implements Offered {}
    }

    /** What became of the wish to return the lease. */
    public sealed interface Returned {

        /** @param receipt signed; asking again gives the same */
        record Done(String receipt) implements Returned {}

        record Refused(String code, String reason) implements Returned {}
    }

    /** @param identity as it is now; it changes when the certificate is renewed */
    public LeaseKeeper(StateDirectory state, Supplier<Identity> identity, Clock clock) throws IOException {
        this.identity = identity;
        this.clock = clock;
        DurableFiles.ownDirectory(state.license());
        file = new DoubleBuffer(state.license(), "lease");
        if (file.finding() == DoubleBuffer.Finding.LOST) {
            log.warn("Both copies of the lease on this disk are damaged; waiting for another");
        }
        kept = read();
        lease = kept.lease() == null ? null : verified(kept.lease());
        time = kept.time().written(identity.get().issuedAt()).attested(lease == null ? null : lease.issuedAt());
    }

    /** The time that counts for licences. Never goes back. */
    public synchronized Instant now() {
        time = time.observe(clock.instant());
        return time.mark();
    }

    /** Management wrote this time under its signature: it is not earlier than that. */
    public synchronized void seen(Instant issuedAt) {
        time = time.written(issuedAt);
    }

    public synchronized LicenseStatus status() {
        var now = now();
        var held = lease;
        return new LicenseStatus(
                state(now),
                held == null ? null : held.until(),
                held == null ? null : held.graceUntil(),
                held == null ? null : held.id(),
                held == null ? null : held.subLicense(),
                held != null && held.offline(),
                held == null ? null : held.signedBy(),
                time.state(clock.instant()),
                now);
    }

    private State state(Instant now) {
        if (lease == null) {
            if (kept.returned() != null) {
                return State.RETURNED;
            }
            return identity.get().leaseTrust() == null ? State.NONE : State.MISSING;
        }
        if (now.isBefore(lease.until())) {
            return State.ACTIVE;
        }
        return now.isBefore(lease.graceUntil()) ? State.GRACE : State.FROZEN;
    }

    /** Takes a lease if it holds, is for this instance, in force, and not older than the one that is held. */
    public synchronized Offered offer(String text) throws IOException {
        var trust = identity.get().leaseTrust();
        if (trust == null) {
            return new Offered.Refused(
                    "lease.no-trust",
                    "this instance knows no keys of leases yet; it gets them when its certificate is renewed");
        }
        Lease offered;
        try {
            offered = LeaseSigning.verify(text, trust);
        } catch (UntrustedLeaseException e) {
            return new Offered.Refused(e.code(), e.reason());
        }
        var refusal = refusal(offered);
        if (refusal != null) {
            return refusal;
        }
        if (lease != null && lease.id().equals(offered.id())) {
            return new Offered.Known(lease);
        }
        time = time.attested(offered.issuedAt());
        save(new Kept(text, offered.issuedAt(), null, null, time));
        lease = offered;
        tellState();
        return new Offered.Taken(offered);
    }

    private Offered.@Nullable Refused refusal(Lease offered) {
        var me = identity.get();
        if (!offered.instance().equals(me.instanceId()) || !offered.tenant().equals(me.tenantId())) {
            return new Offered.Refused(
                    "lease.other-instance",
                    "the lease is for instance " + offered.instance() + "; this one is " + me.instanceId());
        }
        boolean returned = kept.returned() != null && !offered.issuedAt().isAfter(kept.newest());
        if (returned || offered.issuedAt().isBefore(kept.newest())) {
            return new Offered.Refused(
                    "lease.older",
                    "the lease was issued at " + offered.issuedAt() + "; this instance has had one of "
                            + kept.newest());
        }
        if (!now().isBefore(offered.until())) {
            return new Offered.Refused(
                    "lease.expired", "the lease ran out at " + offered.until() + "; now is " + time.mark());
        }
        return null;
    }

    /**
     * Gives up an offline lease and makes the receipt of it. From then on no lease is held, and the one that was returned is
     * never taken again.
     */
    public synchronized Returned giveBack() throws IOException {
        if (kept.returned() != null && kept.receipt() != null) {
            return new Returned.Done(kept.receipt());
        }
        if (lease == null) {
            return new Returned.Refused("lease.none-held", "this instance holds no lease that it could return");
        }
        if (!lease.offline()) {
            return new Returned.Refused(
                    "lease.not-offline",
                    "only an offline lease is returned by a receipt; this one runs out at " + lease.until()
                            + " by itself, or decommission the instance");
        }
        var me = identity.get();
        var receipt = new LeaseReceipt(
                UUID.randomUUID(), lease.id(), me.tenantId(), me.instanceId(), now().truncatedTo(ChronoUnit.SECONDS));
        var text = ReceiptSigning.sign(receipt, me.chain().getFirst(), me.privateKey());
        save(new Kept(null, kept.newest(), lease.id(), text, time));
        lease = null;
        tellState();
        return new Returned.Done(text);
    }

    /** Keeps the time that was seen; called every second or so, writes once a minute. */
    public synchronized void tend() {
        now();
        time = time.settled(clock.instant());
        boolean jumped = time.jump() != kept.time().jump()
                && (time.jump() == null || kept.time().jump() == null);
        if (jumped || Duration.between(kept.time().mark(), time.mark()).compareTo(PACE) >= 0) {
            try {
                save(kept.at(time));
            } catch (IOException e) {
                log.warn("The time that was seen does not reach the disk: {}", e.toString());
            }
        }
        tellState();
    }

    @Override
    public synchronized void close() throws IOException {
        now();
        if (!time.equals(kept.time())) {
            save(kept.at(time));
        }
        file.close();
    }

    /** What cannot be read is as good as lost: the agent starts all the same, because traffic depends on it. */
    private Kept read() {
        try {
            return file.value()
                    .map(bytes -> ProtocolJson.read(bytes, Kept.class))
                    .orElse(Kept.NOTHING);
        } catch (IllegalArgumentException e) {
            log.warn("The lease on this disk is not understood; waiting for another");
            return Kept.NOTHING;
        }
    }

    private void tellState() {
        var state = state(time.mark());
        if (state != told) {
            told = state;
            log.info("Licence state {}: {}", state, status().advice());
        }
    }

    private void save(Kept next) throws IOException {
        file.save(ProtocolJson.write(next));
        kept = next;
    }

    private @Nullable Lease verified(String text) {
        var trust = identity.get().leaseTrust();
        try {
            return trust == null ? null : LeaseSigning.verify(text, trust);
        } catch (UntrustedLeaseException e) {
            log.warn("The lease on this disk does not hold: {}", e.reason());
            return null;
        }
    }
}
