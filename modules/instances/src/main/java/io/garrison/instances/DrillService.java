package io.garrison.instances;

import io.garrison.instances.ClusterStatus.Member;
import io.garrison.protocol.SyncState;
import io.garrison.tenancy.Actor;
import io.garrison.tenancy.AuditTrail;
import io.garrison.tenancy.Permission;
import io.garrison.tenancy.Refusal.FieldError;
import io.garrison.tenancy.Requires;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

@Service
@Transactional
class DrillService implements Drills {

    private static final Duration AHEAD = Duration.ofDays(30);
    private static final int MAX_REASON = 200;

    private final Stacks stacks;
    private final StackWatch watch;
    private final DrillRows rows;
    private final AuditTrail audit;
    private final Surroundings around;

    DrillService(Stacks stacks, StackWatch watch, DrillRows rows, AuditTrail audit, Surroundings around) {
        this.stacks = stacks;
        this.watch = watch;
        this.rows = rows;
        this.audit = audit;
        this.around = around;
    }

    @Component
    record Surroundings(Clock clock, InstanceSettings settings) {}

    @Override
    @Requires(Permission.STACK_VIEW)
    @Transactional(readOnly = true)
    public List<DrillSummary> of(StackId stack, @Nullable UUID after, int limit) {
        return rows.of(stacks.require(stack).id(), after, limit, around.clock().instant());
    }

    @Override
    @Requires(Permission.INSTANCE_OPERATE)
    public DrillSummary rehearse(StackId id, DrillWish wish) {
        var stack = stacks.requireLocked(id); // two that ask at once come one after the other
        var now = around.clock().instant().truncatedTo(ChronoUnit.MICROS);
        check(wish, now);
        if (rows.hasOpen(id, now)) {
            throw new HaException.DrillRefused(
                    "drill.open", "Another rehearsal of this stack is planned or running. Wait for its end.");
        }
        var status = watch.cluster(id);
        var holder = holder(status, wish.router());
        requireWhole(status);
        var prober = after(holder, status.members())
                .filter(member -> stateOf(member, wish.router()).equals("BACKUP"))
                .findFirst()
                .orElseThrow(() -> new HaException.DrillRefused(
                        "drill.no-backup", "No other instance stands by for the router. Nothing would take over."));
        var drill = new DrillSummary(
                UUID.randomUUID(),
                wish.router(),
                wish.kind(),
                State.PLANNED,
                wish.at() == null ? earliest(now) : wish.at(),
                wish.holdSeconds(),
                wish.reason().strip(),
                new InstanceId(holder.instanceId()),
                new InstanceId(prober.instanceId()),
                now,
                Actor.current().name(),
                null,
                null,
                null,
                true);
        rows.insert(id, drill);
        record(stack, drill);
        return drill;
    }

    @Override
    @Requires(Permission.INSTANCE_OPERATE)
    public void cancel(StackId id, UUID drill) {
        var stack = stacks.requireLocked(id);
        var known = rows.lock(id, drill).orElseThrow(InstanceException.NotFound::new);
        if (known.state(around.clock().instant()) != State.PLANNED || known.isTold()) {
            throw new HaException.DrillRefused(
                    "drill.begun",
                    "The instances know of this rehearsal already, or it is over. It can't be taken back.");
        }
        rows.delete(drill);
        audit.record(
                "drill.cancelled",
                "stack",
                stack.id().toString(),
                Map.of("name", stack.name(), "drillId", drill.toString()));
    }

    private Instant earliest(Instant now) {
        return now.plus(around.settings().heartbeat().multipliedBy(2));
    }

    private void check(DrillWish wish, Instant now) {
        var errors = new ArrayList<FieldError>();
        if (!wish.consent()) {
            errors.add(new FieldError(
                    "/consent", "drill.consent", "must be true: connections through the router break", false));
        }
        if (wish.holdSeconds() < 1 || wish.holdSeconds() > 300) {
            errors.add(new FieldError("/holdSeconds", "drill.range", "must be 1 to 300 s", wish.holdSeconds()));
        }
        if (wish.reason().isBlank() || wish.reason().length() > MAX_REASON) {
            errors.add(new FieldError("/reason", "drill.reason", "must be 1 to %d characters".formatted(MAX_REASON)));
        }
        var at = wish.at();
        if (at != null && (at.isBefore(earliest(now)) || at.isAfter(now.plus(AHEAD)))) {
            errors.add(new FieldError(
                    "/at",
                    "drill.at",
                    "must be from %d s to 30 days ahead, or absent"
                            .formatted(2 * around.settings().heartbeat().toSeconds())));
        }
        if (!errors.isEmpty()) {
            throw new HaException.Invalid(errors);
        }
    }

    private static Member holder(ClusterStatus status, String router) {
        var holders = status.members().stream()
                .filter(member -> stateOf(member, router).equals("MASTER"))
                .toList();
        if (holders.size() != 1) {
            throw new HaException.DrillRefused(
                    "drill.not-held",
                    "There is no router of this name that exactly one instance holds. See the stack's cluster.");
        }
        return holders.getFirst();
    }

    /** In the order in which plans have them take over from an owner: by id and round. */
    private static Stream<Member> after(Member holder, List<Member> members) {
        int at = members.indexOf(holder);
        return Stream.concat(members.subList(at + 1, members.size()).stream(), members.subList(0, at).stream());
    }

    private static String stateOf(Member member, String router) {
        return member.routers().stream()
                .filter(state -> state.name().equals(router))
                .findFirst()
                .map(io.garrison.protocol.Availability.RouterState::state)
                .orElse("");
    }

    /** A rehearsal on top of a trouble would be a failover in earnest. */
    private static void requireWhole(ClusterStatus status) {
        boolean inSync = status.members().stream().allMatch(member -> member.syncState() == SyncState.IN_SYNC);
        if (!status.healthy() || !inSync) {
            throw new HaException.DrillRefused(
                    "drill.not-whole",
                    "%d of %d instances are healthy, and %s. Rehearse when all are healthy and in sync."
                            .formatted(
                                    status.healthyMembers(),
                                    status.members().size(),
                                    inSync ? "all are in sync" : "not all are in sync"));
        }
    }

    private void record(Stacks.Row stack, DrillSummary drill) {
        audit.record(
                "drill.asked",
                "stack",
                stack.id().toString(),
                Map.of(
                        "name", stack.name(),
                        "router", drill.router(),
                        "kind", drill.kind().name(),
                        "startsAt", drill.startsAt().toString(),
                        "holdSeconds", drill.holdSeconds(),
                        "consent", true,
                        "reason", drill.reason()));
    }
}
