package io.garrison.edge.plan;

import io.garrison.edge.join.Identity;
import io.garrison.edge.state.DurableFiles;
import io.garrison.protocol.BundleSigning.UntrustedBundleException;
import io.garrison.protocol.InstancePlan;
import io.garrison.protocol.PlanSigning;
import io.garrison.protocol.ProtocolJson;
import io.garrison.protocol.SignedBundle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the newest plan of this instance, on the disk first; it holds without management and after a restart. Whoever
 * follows it is told of each change. May be called from any thread.
 */
public final class PlanKeeper {

    private static final Logger log = LoggerFactory.getLogger(PlanKeeper.class);

    private final Path file;
    private final Supplier<Identity> identity;
    private final List<Consumer<InstancePlan>> followers = new CopyOnWriteArrayList<>();
    private volatile @Nullable InstancePlan plan;
    private volatile @Nullable String refused;

    /** @param file where the signed plan is kept; one that is not this instance's own counts as absent */
    public PlanKeeper(Path file, Supplier<Identity> identity) {
        this.file = file;
        this.identity = identity;
        this.plan = stored().orElse(null);
    }

    public Optional<InstancePlan> plan() {
        return Optional.ofNullable(plan);
    }

    /** Number of the plan in force; 0 if there never was one. */
    public long number() {
        var now = plan;
        return now == null ? 0 : now.number();
    }

    /** Why the plan that was offered last is not in force. */
    public Optional<String> refused() {
        return Optional.ofNullable(refused);
    }

    /** Tells of every later plan, in order, on the thread that brings it. */
    public void follow(Consumer<InstancePlan> follower) {
        followers.add(follower);
    }

    /**
     * Takes a plan if it is this instance's own and newer than the one in force.
     *
     * @throws IOException if it does not reach the disk; then the former one holds
     */
    public synchronized void offer(SignedBundle signed) throws IOException {
        InstancePlan offered;
        try {
            offered = own(signed);
        } catch (UntrustedBundleException e) {
            refused = e.getMessage();
            log.warn("Refused a plan: {}", refused);
            return;
        }
        refused = null;
        if (offered.number() <= number()) {
            return;
        }
        DurableFiles.replace(file, ProtocolJson.write(signed));
        plan = offered;
        for (var follower : followers) {
            follower.accept(offered);
        }
    }

    private InstancePlan own(SignedBundle signed) {
        var me = identity.get();
        var offered = PlanSigning.verify(signed, me.trustedPolicyKeys());
        if (offered.version() != InstancePlan.VERSION) {
            throw new UntrustedBundleException("this agent does not understand plans of version " + offered.version());
        }
        if (!offered.instanceId().equals(me.instanceId())
                || !offered.stackId().equals(me.stackId())
                || !offered.tenantId().equals(me.tenantId())) {
            throw new UntrustedBundleException("the plan is for another instance");
        }
        return offered;
    }

    private Optional<InstancePlan> stored() {
        try {
            return Files.exists(file)
                    ? Optional.of(own(ProtocolJson.read(Files.readAllBytes(file), SignedBundle.class)))
                    : Optional.empty();
        } catch (IOException | IllegalArgumentException | UntrustedBundleException e) {
            log.warn("The plan on this disk is not followed: {}", e.toString());
            return Optional.empty();
        }
    }
}
