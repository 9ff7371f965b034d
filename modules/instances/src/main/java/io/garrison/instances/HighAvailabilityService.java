package io.garrison.instances;

import io.garrison.instances.availability.HaRules;
import io.garrison.instances.availability.MixedRules;
import io.garrison.instances.availability.RouterSettings;
import io.garrison.instances.availability.SharedSettings;
import io.garrison.instances.availability.Side;
import io.garrison.instances.availability.StackSettings;
import io.garrison.protocol.HaSettings.HaMode;
import io.garrison.tenancy.Actor;
import io.garrison.tenancy.AuditTrail;
import io.garrison.tenancy.Permission;
import io.garrison.tenancy.Refusal.FieldError;
import io.garrison.tenancy.Requires;
import io.garrison.tenancy.http.EntityTag;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

@Service
@Transactional
class HighAvailabilityService implements HighAvailability {

    private final HaStored stored;
    private final HaTelling telling;
    private final NetworkClaims claims;
    private final AuditTrail audit;
    private final Clock clock;

    HighAvailabilityService(HaStored stored, HaTelling telling, NetworkClaims claims, AuditTrail audit, Clock clock) {
        this.stored = stored;
        this.telling = telling;
        this.claims = claims;
        this.audit = audit;
        this.clock = clock;
    }

    @Override
    @Requires(Permission.STACK_VIEW)
    @Transactional(readOnly = true)
    public StackHa ofStack(StackId id) {
        return telling.told(stored.stacks().require(id), stored.settings().read(id));
    }

    @Override
    @Requires(Permission.STACK_VIEW)
    @Transactional(readOnly = true)
    public InstanceHa ofInstance(InstanceId id) {
        var found = summary(id);
        var stack = stored.stacks().require(found.stackId());
        var now = stored.settings().read(stack.id());
        return found.lifecycleState().mayDialIn() ? telling.told(id, stack, now) : telling.apart(id, stack, now);
    }

    @Override
    @Requires(Permission.STACK_MANAGE)
    public StackHa change(StackId id, long seen, StackWish wish) {
        var stack = stored.stacks().requireLocked(id);
        var before = stored.settings().read(id);
        EntityTag.check(seen, before.version());
        var unknown = new ArrayList<FieldError>();
        var sides = allSides(before, wish, unknown);
        var mode = wish.trafficMode() == null
                ? fitting(wish.shared().mode(), before.settings().trafficMode())
                : wish.trafficMode();
        var routers = withPasswords(wish.routers(), before.settings().routers());
        write(stack, before, new StackSettings(mode, wish.shared(), sides, routers, wish.mixed()), unknown, From.STACK);
        return telling.told(stack, stored.settings().read(id));
    }

    @Override
    @Requires(Permission.STACK_MANAGE)
    public InstanceHa change(InstanceId id, long seen, InstanceWish wish) {
        var stack = stored.stacks().requireLocked(summary(id).stackId());
        var before = stored.settings().read(stack.id());
        if (!before.members().containsKey(id.value())) {
            throw new HaException.Quarantined();
        }
        EntityTag.check(seen, before.version());
        var now = before.settings();
        var old = now.side(id.value()).orElseThrow(InstanceException.NotFound::new);
        var shared = shared(now.shared(), wish);
        boolean primary = wish.primary() == null ? old.primary() : wish.primary();
        checkPrimary(now, shared, old, primary, wish.takePrimary());
        var sides = sides(now, old, wish.side(), primary).stream()
                .map(side -> side.under(shared))
                .toList();
        var mode = fitting(shared.mode(), now.trafficMode());
        var routers = HaOwners.withoutStale(now.routers(), before, shared.mode(), sides);
        write(
                stack,
                before,
                new StackSettings(mode, shared, sides, routers, now.mixed()),
                List.of(),
                new From("/instances/" + now.sides().indexOf(old), wish.takePrimary()));
        return telling.told(id, stack, stored.settings().read(stack.id()));
    }

    private InstanceSummary summary(InstanceId id) {
        return stored.instances()
                .summary(id)
                .filter(found -> found.lifecycleState() != LifecycleState.RETIRED)
                .orElseThrow(InstanceException.NotFound::new);
    }

    /** In the order of the stack's document, so that errors find their place in it. */
    private static List<Side> sides(StackSettings now, Side old, Side wished, boolean primary) {
        var changed = new Side(old.instanceId(), wished.ha(), wished.linkPairs(), wished.declaredCapacityBps());
        return now.sides().stream()
                .map(side -> side.equals(old) ? changed.asPrimary(primary) : primary ? side.asPrimary(false) : side)
                .toList();
    }

    private static SharedSettings shared(SharedSettings now, InstanceWish wish) {
        return new SharedSettings(
                wish.mode() == null ? now.mode() : wish.mode(),
                wish.port() == null ? now.port() : wish.port(),
                wish.peerCheckIntervalMs() == null ? now.peerCheckIntervalMs() : wish.peerCheckIntervalMs(),
                wish.peerFailureThreshold() == null ? now.peerFailureThreshold() : wish.peerFailureThreshold());
    }

    private static void checkPrimary(
            StackSettings now, SharedSettings shared, Side old, boolean primary, boolean takePrimary) {
        boolean another =
                now.primary().filter(holder -> !holder.equals(old.instanceId())).isPresent();
        if (primary && another && !takePrimary) {
            throw new HaException.TwoPrimaries();
        }
        if (!primary && !another && shared.mode() == HaMode.ACTIVE_PASSIVE) {
            throw new HaException.NoPrimary();
        }
    }

    /** In the order of the request, so that errors find their place; who is not named comes after. */
    private static List<Side> allSides(HaStore.Stored before, StackWish wish, List<FieldError> unknown) {
        var sides = new ArrayList<Side>();
        var named = new HashSet<>();
        for (int at = 0; at < wish.sides().size(); at++) {
            var side = wish.sides().get(at);
            if (!before.members().containsKey(side.instanceId()) || !named.add(side.instanceId())) {
                unknown.add(new FieldError(
                        "/instances/" + at + "/instanceId",
                        "ha.unknown-instance",
                        "must be an instance of this stack, and be named once",
                        side.instanceId().toString()));
            }
            sides.add(side.under(wish.shared()));
        }
        before.members().keySet().stream()
                .filter(id -> !named.contains(id))
                .forEach(id -> sides.add(Side.untold(id).under(wish.shared())));
        return sides;
    }

    private static TrafficMode fitting(HaMode mode, TrafficMode before) {
        return switch (mode) {
            case NONE -> before;
            case ACTIVE_PASSIVE -> TrafficMode.ACTIVE_PASSIVE;
            case ACTIVE_ACTIVE, CLUSTER -> before == TrafficMode.MIXED ? TrafficMode.MIXED : TrafficMode.ACTIVE_ACTIVE;
        };
    }

    /** Who says nothing keeps the password of the router of that name, as long as its version knows one. */
    private static List<RouterSettings> withPasswords(List<RouterSettings> wished, List<RouterSettings> before) {
        return wished.stream()
                .map(router -> {
                    var password = router.password();
                    if (password == null && router.version() == 2) {
                        return before.stream()
                                .filter(old -> old.name().equals(router.name()))
                                .findFirst()
                                .map(old -> router.withPassword(old.password()))
                                .orElse(router);
                    }
                    return "".equals(password) ? router.withPassword(null) : router;
                })
                .toList();
    }

    /**
     * What a change came by.
     *
     * @param at where the values stand that the caller has sent; errors elsewhere name the stack's document
     * @param takePrimary whether another primary was to be relieved
     */
    private record From(String at, boolean takePrimary) {
        static final From STACK = new From("", false);
    }

    private void write(
            Stacks.Row stack, HaStore.Stored before, StackSettings after, List<FieldError> unknown, From from) {
        var at = from.at();
        var errors = new ArrayList<>(unknown);
        errors.addAll(HaRules.check(after, stored.rows().peers(stack.id())));
        errors.addAll(MixedRules.check(after));
        if (!at.isEmpty()) {
            // Of the stack's document, and told there.
            errors.removeIf(error ->
                    error.code().equals("ha.router-owner") || error.code().equals(HaRules.ADDRESS_FAMILY));
        } else {
            errors.addAll(unhad(stack, before.settings(), after));
        }
        if (!errors.isEmpty()) {
            throw new HaException.Invalid(
                    errors.stream().map(error -> relative(error, at)).toList());
        }
        claims.hold(stack.id(), HaStore.Stored.claiming(after, before.members()));
        stored.settings()
                .write(stack.id(), after, clock.instant(), Actor.current().name());
        record(stack, before.settings(), after, from.takePrimary());
    }

    /** What was so before, by a revision that came later, may stay so: what was read can be written. */
    private List<FieldError> unhad(Stacks.Row stack, StackSettings before, StackSettings after) {
        var policy = stored.served(stack);
        var known = MixedRules.against(before, policy).stream()
                .map(FieldError::message)
                .toList();
        return MixedRules.against(after, policy).stream()
                .filter(error -> !known.contains(error.message()))
                .toList();
    }

    private static FieldError relative(FieldError error, String at) {
        return at.isEmpty() || !error.field().startsWith(at + "/")
                ? error
                : new FieldError(error.field().substring(at.length()), error.code(), error.message(), error.rejected());
    }

    private void record(Stacks.Row stack, StackSettings before, StackSettings after, boolean takePrimary) {
        audit.record(
                "stack.ha-changed",
                "stack",
                stack.id().toString(),
                Map.of(
                        "name",
                        stack.name(),
                        "takePrimary",
                        takePrimary,
                        "before",
                        HaAudit.words(before, after),
                        "after",
                        HaAudit.words(after, before)));
    }
}
