package io.garrison.instances;

import io.garrison.instances.availability.HaWarnings.Warning;
import io.garrison.instances.availability.MixedModes;
import io.garrison.instances.availability.Placement;
import io.garrison.instances.availability.RouterSettings;
import io.garrison.instances.availability.SharedSettings;
import io.garrison.instances.availability.Side;
import io.garrison.instances.availability.StackLabel;
import io.garrison.instances.availability.StackSettings;
import io.garrison.protocol.HaSettings.HaMode;
import io.garrison.tenancy.Refusal.FieldError;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How the instances of the bound tenant's stacks stand in for each other. A change reaches them with their heartbeats. */
public interface HighAvailability {

    /** @throws InstanceException.NotFound if the bound tenant has no such stack */
    StackHa ofStack(StackId stack);

    /**
     * Writes all sides at once (HA-00f). Instances that are not named go back to the defaults; so do values.
     *
     * @param seen the version that the caller last saw, or -1 for any
     * @throws InstanceException.NotFound if the bound tenant has no such stack
     * @throws HaException.Invalid with every error
     * @throws HaException.Taken if a number or an address is taken in its network
     */
    StackHa change(StackId stack, long seen, StackWish wish);

    /**
     * One side; of a quarantined instance what it had, with a warning that it takes no part.
     *
     * @throws InstanceException.NotFound if the bound tenant has none such, or it is retired
     */
    InstanceHa ofInstance(InstanceId instance);

    /**
     * Changes one side. What the instances of a stack agree on changes for all of them.
     *
     * @param seen the version that the caller last saw, or -1 for any
     * @throws InstanceException.NotFound as {@link #ofInstance}
     * @throws HaException.Quarantined if it is quarantined
     * @throws HaException.Invalid with every error; those of other sides at their place in the stack's document
     * @throws HaException.TwoPrimaries if another is the primary, and was not to be relieved
     * @throws HaException.NoPrimary if none would be left in the mode ACTIVE_PASSIVE
     */
    InstanceHa change(InstanceId instance, long seen, InstanceWish wish);

    /**
     * High availability of a stack as it is set. Passwords of routers are not in it, nor are owners that have left the
     * stack: of these a warning tells.
     *
     * @param withPassword names of the routers that have one
     * @param placement which service goes with which router; without the routers that are in no plan
     * @param leftOut routers that are in no plan
     * @param version for the entity tag; 0 before the first change
     */
    record StackHa(
            StackId stack,
            StackSettings settings,
            List<String> withPassword,
            List<Member> members,
            Placement placement,
            List<Warning> warnings,
            List<LeftOut> leftOut,
            long version) {

        public StackLabel label() {
            return settings.label();
        }
    }

    /**
     * A virtual router that is in no plan: somebody else holds what it needs.
     *
     * @param reason the first thing that is held elsewhere, at its place in the stack's document
     */
    record LeftOut(String router, String network, FieldError reason) {}

    /** An instance that a side is about. */
    record Member(InstanceId id, String name) {}

    /** @param version of the stack's settings, of which this is a part */
    record InstanceHa(
            InstanceId instance, StackId stack, Side side, StackLabel label, List<Warning> warnings, long version) {}

    /**
     * @param trafficMode null for what goes with the mode, MIXED kept where it does
     * @param routers passwords that are null stay as they are, empty ones are taken away
     */
    record StackWish(
            @Nullable TrafficMode trafficMode,
            SharedSettings shared,
            List<Side> sides,
            List<RouterSettings> routers,
            MixedModes mixed) {

        /** With services served by their type where modes are mixed. */
        public StackWish(
                @Nullable TrafficMode trafficMode,
                SharedSettings shared,
                List<Side> sides,
                List<RouterSettings> routers) {
            this(trafficMode, shared, sides, routers, MixedModes.DEFAULT);
        }
    }

    /**
     * @param side what is shared in it is taken from the other parameters
     * @param mode null for the stack's, as it is; so are the next three
     * @param primary null for as it is
     * @param takePrimary whether another primary is relieved
     */
    record InstanceWish(
            Side side,
            @Nullable HaMode mode,
            @Nullable Integer port,
            @Nullable Integer peerCheckIntervalMs,
            @Nullable Integer peerFailureThreshold,
            @Nullable Boolean primary,
            boolean takePrimary) {}
}
