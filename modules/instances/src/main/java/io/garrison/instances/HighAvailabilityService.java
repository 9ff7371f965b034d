package io.garrison.instances;

import io.garrison.instances.availability.HaRules;
import io.garrison.instances.availability.HaWarnings;
import io.garrison.instances.availability.HaWarnings.Warning;
import io.garrison.instances.availability.RouterSettings;
import io.garrison.instances.availability.SharedSettings;
import io.garrison.instances.availability.Side;
import io.garrison.instances.availability.StackSettings;
import io.garrison.licensing.SubLicenses;
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
import org.springframework.stereotype.Component;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

@Service
@Transactional
class HighAvailabilityService implements HighAvailability {

    private final Stored stored;
    private final NetworkClaims claims;
    private final SubLicenses subLicenses;
    private final AuditTrail audit;
    private final Clock clock;

    HighAvailabilityService(
            Stored stored, NetworkClaims claims, SubLicenses subLicenses, AuditTrail audit, Clock clock) {
        this.stored = stored;
        this.claims = claims;
        this.subLicenses = subLicenses;
        this.audit = audit;
        this.clock = clock;
    }

    @Component
    record Stored(
            Stacks stacks, Instances instances, HaStore settings, AvailabilityRows rows, LeftOutRouters leftOut) {}

    @Override
    @Requires(Permission.STACK_VIEW)
    @Transactional(readOnly = true)
    public StackHa ofStack(StackId id) {
        return told(stored.stacks().require(id), stored.settings().read(id));
    }

    @Override
    @Requires(Permission.STACK_VIEW)
    @Transactional(readOnly = true)
    public InstanceHa ofInstance(InstanceId id) {
        var found = summary(id);
        var stack = stored.stacks().require(found.stackId());
        var now = stored.settings().read(stack.id());
        return found.lifecycleState().mayDialIn() ? told(id, stack, now) : apart(id, stack, now);
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
        write(stack, before, new StackSettings(mode, wish.shared(), sides, routers), unknown, From.STACK);
        return told(stack, stored.settings().read(id));
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
                new StackSettings(mode, shared, sides, routers),
                List.of(),
                new From("/instances/" + now.sides().indexOf(old), wish.takePrimary()));
        return told(id, stack, stored.settings().read(stack.id()));
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
        errors.removeIf(error -> error.code().equals("ha.router-owner") && HaOwners.lackedBefore(error, before, after));
        if (!at.isEmpty()) {
            // Of the stack's document, and told there.
            errors.removeIf(error ->
                    error.code().equals("ha.router-owner") || error.code().equals(HaRules.ADDRESS_FAMILY));
        }
        if (!errors.isEmpty()) {
            throw new HaException.Invalid(
                    errors.stream().map(error -> relative(error, at)).toList());
        }
        boolean used = after.shared().mode() != HaMode.NONE && !before.members().isEmpty();
        claims.hold(stack.id(), used ? after.routers() : List.of());
        stored.settings()
                .write(stack.id(), after, clock.instant(), Actor.current().name());
        record(stack, before.settings(), after, from.takePrimary());
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

    private StackHa told(Stacks.Row stack, HaStore.Stored now) {
        var settings = now.settings();
        var leftOut = stored.leftOut().of(stack.id(), now);
        return new StackHa(
                stack.id(),
                new StackSettings(
                        settings.trafficMode(),
                        settings.shared(),
                        settings.sides(),
                        settings.routers().stream()
                                .map(router -> router.withPassword(null))
                                .map(router -> HaOwners.hasLeft(router.owner(), now) ? router.withoutOwner() : router)
                                .toList()),
                settings.routers().stream()
                        .filter(router -> router.password() != null)
                        .map(RouterSettings::name)
                        .toList(),
                now.members().entrySet().stream()
                        .map(member -> new Member(new InstanceId(member.getKey()), member.getValue()))
                        .toList(),
                warnings(stack, settings, leftOut),
                leftOut,
                now.version());
    }

    /** Of who takes no part: what it had. */
    private InstanceHa apart(InstanceId id, Stacks.Row stack, HaStore.Stored now) {
        var side = stored.settings()
                .side(id, now.settings().shared())
                .orElseGet(() -> Side.untold(id.value()).under(now.settings().shared()))
                .asPrimary(false);
        var warnings = new ArrayList<>(warnings(stack, now));
        warnings.addFirst(new Warning(
                "ha.instance-quarantined",
                "The instance is quarantined, and takes no part in the high availability of its stack."));
        return new InstanceHa(id, stack.id(), side, now.settings().label(), warnings, now.version());
    }

    private InstanceHa told(InstanceId id, Stacks.Row stack, HaStore.Stored now) {
        var side = now.settings().side(id.value()).orElseThrow(InstanceException.NotFound::new);
        return new InstanceHa(id, stack.id(), side, now.settings().label(), warnings(stack, now), now.version());
    }

    private List<Warning> warnings(Stacks.Row stack, HaStore.Stored now) {
        return warnings(stack, now.settings(), stored.leftOut().of(stack.id(), now));
    }

    private List<Warning> warnings(Stacks.Row stack, StackSettings settings, List<LeftOut> leftOut) {
        var licensed = subLicenses
                .find(stack.subLicense())
                .map(found -> found.entitlements().throughputBps())
                .orElse(null);
        var warnings = new ArrayList<>(HaWarnings.of(settings, licensed));
        leftOut.stream().map(LeftOutRouters::warning).forEach(warnings::add);
        return List.copyOf(warnings);
    }
}
