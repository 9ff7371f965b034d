package io.garrison.edge.sync;

import io.garrison.edge.haproxy.ApplyOutcome;
import io.garrison.edge.haproxy.DataPlane;
import io.garrison.edge.haproxy.ListenAddresses;
import io.garrison.edge.join.Identity;
import io.garrison.edge.license.LeaseKeeper;
import io.garrison.protocol.PolicyBundle;
import io.garrison.protocol.Report.ApplyError;
import io.garrison.protocol.SignedBundle;
import io.garrison.protocol.SyncState;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the data plane to the desired revision and keeps it there. All methods but {@link #status}, {@link #serving}
 * and {@link #reported} belong to one thread, which is the data plane's only writer.
 *
 * <p>A configuration that was changed on the machine is first reported as OUT_OF_SYNC, at least once or for
 * {@link Drift#PATIENCE}, and then replaced by the desired one.
 */
public final class Reconciler {

    private static final Duration RETRY = Duration.ofSeconds(30);
    private static final Logger log = LoggerFactory.getLogger(Reconciler.class);

    private final Parts parts;
    private volatile SyncStatus status;
    private volatile Optional<PolicyBundle> serving = Optional.empty();
    private final Drift drift = new Drift();
    private final Draining draining;
    private @Nullable Instant retryAt;
    private @Nullable ApplyError error;
    private boolean applying;

    /** @param changed told after every change worth a report */
    record Parts(
            Identity identity,
            DataPlane dataPlane,
            TrustStore trust,
            CertificateFetcher certificates,
            ListenAddresses addresses,
            LeaseKeeper leases,
            Clock clock,
            Runnable changed) {}

    Reconciler(Parts parts) throws IOException {
        this.parts = parts;
        this.draining = new Draining(parts.dataPlane(), parts.trust());
        var accepted = parts.trust().accepted();
        if (accepted != null) {
            parts.leases().seen(accepted.issuedAt());
        }
        this.serving = parts.trust().applied().flatMap(this::verified);
        this.status = compute();
    }

    /** May be called from any thread. */
    public SyncStatus status() {
        return status;
    }

    /** The policy that serves now. May be called from any thread. */
    public Optional<PolicyBundle> serving() {
        return serving;
    }

    /** Management has been told this state. May be called from any thread. */
    public void reported(SyncState told) {
        if (told == SyncState.OUT_OF_SYNC) {
            drift.reported();
        }
    }

    /** The tag to ask with; empty if nothing was accepted yet. */
    public String etag() {
        var accepted = parts.trust().accepted();
        return accepted == null ? "" : accepted.etag();
    }

    /** Starts what served before this agent, without asking anybody. */
    public void start() throws IOException, InterruptedException {
        parts.dataPlane().ensureRunning();
        if (draining.wanted()) {
            draining.follow();
        }
        var desired = parts.trust().desired();
        if (desired.isPresent() && !parts.trust().held()) {
            var bundle = verified(desired.get());
            if (bundle.isPresent() && !isApplied(bundle.get())) {
                apply(desired.get(), bundle.get());
            }
        }
        publish();
    }

    /** @return whether the bundle is one to go on from; otherwise ask again later, not at once */
    public boolean offer(SignedBundle signed) throws IOException, InterruptedException {
        var accepted = parts.trust().accepted();
        return switch (BundleTrust.judge(
                signed, parts.identity(), accepted, parts.leases().now())) {
            case BundleTrust.Verdict.Newer newer -> {
                parts.leases().seen(newer.bundle().issuedAt());
                var license = parts.leases().status();
                if (!license.state().takesRevisions()) {
                    refuse(new ApplyError(newer.bundle().revision(), "license-no-lease", license.advice()));
                    yield false;
                }
                parts.trust().accept(signed, newer.next());
                apply(signed, newer.bundle());
                yield true;
            }
            case BundleTrust.Verdict.Same same -> {
                if (!isApplied(same.bundle()) && error == null && !parts.trust().held()) {
                    apply(signed, same.bundle());
                }
                yield true;
            }
            case BundleTrust.Verdict.Refused refused -> {
                refuse(new ApplyError(status.desiredRevision(), refused.code(), refused.reason()));
                yield false;
            }
        };
    }

    private void refuse(ApplyError why) {
        log.warn("Refused a bundle: {}", why.message());
        error = why;
        publish();
    }

    /** Applies the desired revision once more, even if it is the one that serves. */
    public String reapply() throws IOException, InterruptedException {
        var signed = parts.trust().desired();
        var bundle = signed.flatMap(this::verified);
        if (bundle.isEmpty()) {
            return "there is no desired revision yet";
        }
        if (parts.trust().held()) {
            parts.trust().hold(false);
        }
        apply(signed.get(), bundle.get());
        return error == null ? "applied revision " + bundle.get().revision() : error.message();
    }

    /** Goes back to what served before, until a newer revision comes. */
    public String rollBack() throws IOException, InterruptedException {
        var signed = parts.trust().previous();
        var bundle = signed.flatMap(this::verified);
        if (bundle.isEmpty()) {
            return "there is nothing to go back to";
        }
        if (isApplied(bundle.get())) {
            return "revision " + bundle.get().revision() + " serves already";
        }
        parts.trust().hold(true);
        apply(signed.get(), bundle.get());
        return error == null ? "went back to revision " + bundle.get().revision() : error.message();
    }

    /** @param on what the person on the machine wants; management's wish counts as well */
    public void drainByHand(boolean on) throws IOException, InterruptedException {
        draining.byHand(on);
        publish();
    }

    public void drainByManagement(boolean on) throws IOException, InterruptedException {
        draining.byManagement(on);
        publish();
    }

    /** Looks after the data plane; called every second or so. */
    public void tend() throws IOException, InterruptedException {
        parts.dataPlane().ensureRunning();
        tendDrift();
        var now = parts.clock().instant();
        if (retryAt != null && !now.isBefore(retryAt)) {
            retryAt = null;
            if (!parts.trust().held()) {
                reapply();
            }
        }
        publish();
    }

    /** Management says that the accepted revision is still the desired one. */
    public void confirmed() {
        if (error != null && error.code().startsWith("bundle-")) {
            error = null;
            publish();
        }
    }

    private void tendDrift() throws IOException, InterruptedException {
        if (drift.isToBeHealed(
                parts.dataPlane().applied().drifted(), parts.clock().instant())) {
            rerender();
        }
    }

    /** Installs what serves once more, because what this machine adds to it has changed. */
    public void rerender() throws IOException, InterruptedException {
        var signed = parts.trust().applied();
        var bundle = signed.flatMap(this::verified);
        if (bundle.isEmpty()) {
            return;
        }
        var former = error;
        apply(signed.get(), bundle.get());
        if (error == null && former != null && former.revision() != bundle.get().revision()) {
            error = former;
            publish();
        }
    }

    private void apply(SignedBundle signed, PolicyBundle bundle) throws IOException, InterruptedException {
        applying = true;
        retryAt = null;
        publish();
        try {
            var certificates = parts.certificates().fetch(bundle);
            settle(signed, bundle, parts.dataPlane().apply(bundle, certificates, parts.addresses()));
        } catch (IOException e) {
            log.warn("Revision {} cannot be applied now: {}", bundle.revision(), e.toString());
            error = new ApplyError(bundle.revision(), "machine", "this machine or its way to management failed");
            retryAt = parts.clock().instant().plus(RETRY);
        } finally {
            applying = false;
            publish();
        }
    }

    private void settle(SignedBundle signed, PolicyBundle bundle, ApplyOutcome outcome) throws IOException {
        switch (outcome) {
            case ApplyOutcome.Applied applied -> {
                parts.trust().applied(signed);
                serving = Optional.of(bundle);
                error = null;
                forgetCertificates();
                log.info("Revision {} serves", applied.revision());
            }
            case ApplyOutcome.Refused refused -> {
                error = new ApplyError(refused.revision(), refused.code(), refused.reason());
                log.warn("Revision {} was refused: {}", refused.revision(), refused.reason());
            }
            case ApplyOutcome.RolledBack back -> {
                error = new ApplyError(back.revision(), back.code(), back.reason());
                retryAt = parts.clock().instant().plus(RETRY);
                log.warn("Revision {} was rolled back: {}", back.revision(), back.reason());
            }
        }
    }

    private void forgetCertificates() throws IOException {
        var kept = new ArrayList<PolicyBundle>();
        for (var signed : List.of(
                parts.trust().desired(), parts.trust().applied(), parts.trust().previous())) {
            signed.flatMap(this::verified).ifPresent(kept::add);
        }
        parts.certificates().keepOnly(kept);
    }

    private Optional<PolicyBundle> verified(SignedBundle signed) {
        return switch (BundleTrust.judge(
                signed, parts.identity(), null, parts.leases().now())) {
            case BundleTrust.Verdict.Newer newer -> Optional.of(newer.bundle());
            case BundleTrust.Verdict.Same same -> Optional.of(same.bundle());
            case BundleTrust.Verdict.Refused refused -> {
                log.warn("A bundle on this disk is not trusted: {}", refused.reason());
                yield Optional.empty();
            }
        };
    }

    private boolean isApplied(PolicyBundle bundle) {
        var applied = parts.dataPlane().applied();
        return applied.revision() == bundle.revision() && bundle.incarnation().equals(applied.incarnation());
    }

    private void publish() {
        var former = status;
        status = compute();
        if (!status.equals(former)) {
            parts.changed().run();
        }
    }

    private SyncStatus compute() {
        return SyncStatus.of(parts.trust().accepted(), parts.dataPlane().applied(), applying, error, draining.wanted());
    }
}
