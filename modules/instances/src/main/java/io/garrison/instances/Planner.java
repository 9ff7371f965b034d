package io.garrison.instances;

import io.garrison.instances.availability.Planning;
import io.garrison.instances.availability.Planning.Stamp;
import io.garrison.instances.availability.StackSettings;
import io.garrison.protocol.HaSettings.HaMode;
import io.garrison.protocol.InstancePlan;
import io.garrison.protocol.PlanSigning;
import io.garrison.protocol.ProtocolJson;
import io.garrison.protocol.SignedBundle;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Makes and signs the plans of instances, each when its instance asks with a heartbeat: so whatever has changed, people's
 * settings or who belongs to the stack, needs to tell nobody. Works in the caller's transaction, on a row that it locked.
 */
@Component
class Planner {

    /** What an instance claims beyond this is no number of ours. */
    private static final long BELIEVED = 1L << 52;

    private final AvailabilityRows rows;
    private final HaStore settings;
    private final NetworkClaims claims;
    private final SharedHoldings holdings;
    private final Revisions revisions;
    private final InstallationKeys keys;

    Planner(
            AvailabilityRows rows,
            HaStore settings,
            NetworkClaims claims,
            SharedHoldings holdings,
            Revisions revisions,
            InstallationKeys keys) {
        this.rows = rows;
        this.settings = settings;
        this.claims = claims;
        this.holdings = holdings;
        this.revisions = revisions;
        this.keys = keys;
    }

    /**
     * The instance's plan, if its number is not the reported one. Numbers grow when the content changes, and go on above
     * what the instance has if that is higher: the database may have been restored from before.
     *
     * @param reported number of the plan that the instance follows
     * @param news whether it reports something else than before
     */
    @Nullable
    SignedBundle newer(EdgeIdentity of, AvailabilityRows.Row row, long reported, boolean news, Instant now) {
        boolean behind = reported > row.planNumber() && reported < BELIEVED;
        // What the plan is made of is read after this, so it is at least as new: never older than its basis says.
        var madeOf = rows.basis(of.stackId());
        var peers = madeOf.peers();
        var basis = madeOf.sha256();
        if (!behind && basis.equals(row.basis())) {
            if (row.planNumber() != reported) {
                return rows.open(of.instanceId());
            }
            if (news) {
                holdings.release(of.stackId());
            }
            return null;
        }
        var content = content(of.stackId());
        if (content == null) {
            return null; // people are changing it: the next heartbeat tells
        }
        var policy = revisions.policy(of.stackId(), madeOf.revision());
        var at = now.truncatedTo(ChronoUnit.MICROS);
        var before = rows.open(of.instanceId());
        if (before != null && !behind) {
            var old = read(before);
            var same = Planning.plan(stamp(of, old.number(), old.issuedAt()), content, policy, peers);
            if (same.equals(old)) {
                rows.basis(of.instanceId(), basis);
                if (row.planNumber() != reported) {
                    return before;
                }
                holdings.release(of.stackId());
                return null;
            }
        }
        long number = Math.max(row.planNumber(), behind ? reported : 0) + 1;
        var key = keys.signingKey();
        var plan = Planning.plan(stamp(of, number, at), content, policy, peers);
        var signed = PlanSigning.sign(plan, key.name().keyId(), key.key());
        rows.plan(of.instanceId(), number, basis, signed);
        return signed;
    }

    /** All of one version, with those routers whose numbers and addresses the stack holds; null if it changed meanwhile. */
    private @Nullable StackSettings content(StackId stack) {
        var read = settings.read(stack);
        BooleanSupplier current = () -> rows.version(stack) == read.version();
        var of = read.settings();
        var routers = of.shared().mode() == HaMode.NONE ? of.routers() : claims.usable(stack, of.routers(), current);
        return current.getAsBoolean() ? of.withRouters(routers) : null;
    }

    private static Stamp stamp(EdgeIdentity of, long number, Instant at) {
        return new Stamp(
                number,
                of.tenantId().value(),
                of.stackId().value(),
                of.instanceId().value(),
                at);
    }

    /** What we have signed and kept sealed ourselves. */
    private static InstancePlan read(SignedBundle ours) {
        return ProtocolJson.read(Base64.getUrlDecoder().decode(ours.payload()), InstancePlan.class);
    }
}
