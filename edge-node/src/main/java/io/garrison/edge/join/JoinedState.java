package io.garrison.edge.join;

import io.garrison.edge.ha.bypass.NftBypass;
import io.garrison.edge.ha.keepalived.HaFiles;
import io.garrison.edge.haproxy.HaproxyDataPlane;
import io.garrison.edge.license.LeaseKeeper;
import io.garrison.edge.meter.MeterFiles;
import io.garrison.edge.meter.NftCounters;
import io.garrison.edge.shaping.KernelLimiter;
import io.garrison.edge.state.DurableFiles;
import io.garrison.edge.state.EdgeConfig;
import io.garrison.edge.state.StateDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A state directory that changes hands: what belonged to the former identity goes before the new one comes. The data plane
 * and the part in the shared addresses stay and serve on if the new identity is of the same stack, as when its
 * configuration has moved to another management.
 */
record JoinedState(StateDirectory state) {

    private static final Logger log = LoggerFactory.getLogger(JoinedState.class);
    private static final Duration LAST_CONNECTIONS = Duration.ofSeconds(5);

    /**
     * The identity is written last: until then the directory is not joined.
     *
     * @return why the former management does not have all that was counted for it; null if it has
     */
    @Nullable
    String replaceWith(Identity identity, EdgeConfig config, @Nullable String lease, Clock clock)
            throws IOException, InterruptedException {
        DurableFiles.ownDirectory(state.root());
        var former = former();
        var shared = new FormerAddresses(state);
        boolean sameStack = former.filter(one -> isSameStack(one, identity)).isPresent();
        if (!sameStack) {
            endDataPlane(shared);
        }
        var left = former.isPresent()
                ? new Leaving(state, former.get(), clock).leave(sameStack ? identity.instanceId() : null)
                : new Leaving.Left(null, null);
        byte[] meter = left.meter();
        boolean servesOn = meter != null;
        if (sameStack && !servesOn) {
            endDataPlane(shared);
        }
        former.ifPresent(this::freeKernel);
        former.map(Identity::instanceId)
                .filter(id -> !id.equals(identity.instanceId()) || !servesOn)
                .ifPresent(shared::endBypass);
        endExclusion(shared);
        Files.deleteIfExists(state.identity());
        var undelivered = new Undelivered(state).keep(former.map(Identity::instanceId), left.undelivered());
        forget(meter == null);
        if (meter != null) {
            goOnFrom(meter);
        }
        DurableFiles.replace(state.settings(), config.toFile());
        if (lease != null) {
            keep(lease, identity, clock);
        }
        new IdentityStore(state).save(identity);
        return undelivered;
    }

    /**
     * Peers do not listen to one that was taken out: it may hold what they hold, and must not begin anew with that before
     * they know of it.
     */
    private void endExclusion(FormerAddresses shared) throws IOException, InterruptedException {
        var mark = new HaFiles(state.sharedAddresses()).shutOut();
        if (Files.exists(mark)) {
            shared.leave();
            Files.delete(mark);
        }
    }

    private void endDataPlane(FormerAddresses shared) throws IOException, InterruptedException {
        shared.leave();
        HaproxyDataPlane.end(state.dataPlane(), LAST_CONNECTIONS);
    }

    /** Then HAProxy and keepalived serve on, and the next agent takes them over. */
    private static boolean isSameStack(Identity former, Identity identity) {
        return former.tenantId().equals(identity.tenantId()) && former.stackId().equals(identity.stackId());
    }

    /** One that cannot be read must not keep the new one out. */
    private Optional<Identity> former() {
        try {
            return new IdentityStore(state).load();
        } catch (IOException e) {
            log.warn("{}", e.getMessage());
            return Optional.empty();
        }
    }

    private void forget(boolean dataPlane) throws IOException {
        for (var former : List.of(
                state.trust(),
                state.license(),
                state.certificates(),
                state.meter(),
                state.spool(),
                state.throughputShare(),
                state.plan(),
                state.ballot(),
                state.damagedBallot(),
                state.blocks(),
                state.status())) {
            deleteTree(former);
        }
        if (dataPlane) {
            deleteTree(state.dataPlane());
            deleteTree(state.sharedAddresses());
        }
    }

    private void goOnFrom(byte[] meter) throws IOException {
        try (var files = new MeterFiles(state.meter(), records -> {
            throw new IOException("nothing has been counted yet");
        })) {
            files.save(meter);
        }
    }

    /** The kernel would hold the new instance's traffic to the former one's share, and count for it as well. */
    private void freeKernel(Identity former) {
        NftCounters.remove(former.instanceId());
        endBypass(former);
        if (!Files.exists(state.throughputShare())) {
            return;
        }
        try {
            new KernelLimiter(former.instanceId()).remove();
        } catch (IOException e) {
            log.warn("A limit of the former instance may stand in the kernel: {}", e.getMessage());
        }
    }

    /** If it is to go on, the next agent begins it anew. */
    private void endBypass(Identity former) {
        var files = new HaFiles(state.sharedAddresses());
        if (!Files.exists(files.latches())) {
            return;
        }
        try {
            new NftBypass(former.instanceId(), false, files.forwarding()).release();
        } catch (IOException e) {
            log.warn("A bypass of the former instance may stand in the kernel: {}", e.getMessage());
        }
    }

    /** One that does not hold is left out; management gives another with the first heartbeat. */
    private void keep(String lease, Identity identity, Clock clock) throws IOException {
        try (var keeper = new LeaseKeeper(state, () -> identity, clock)) {
            if (keeper.offer(lease) instanceof LeaseKeeper.Offered.Refused refused) {
                log.warn("The lease that came with the identity was refused: {}", refused.reason());
            }
        }
    }

    private static void deleteTree(Path root) throws IOException {
        if (!Files.exists(root)) {
            return;
        }
        try (var paths = Files.walk(root)) {
            for (var path : paths.sorted((a, b) -> b.compareTo(a)).toList()) {
                Files.delete(path);
            }
        }
    }
}
