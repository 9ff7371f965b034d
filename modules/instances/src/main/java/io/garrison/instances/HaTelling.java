package io.garrison.instances;

import io.garrison.instances.HighAvailability.InstanceHa;
import io.garrison.instances.HighAvailability.LeftOut;
import io.garrison.instances.HighAvailability.Member;
import io.garrison.instances.HighAvailability.StackHa;
import io.garrison.instances.availability.HaWarnings;
import io.garrison.instances.availability.HaWarnings.Warning;
import io.garrison.instances.availability.Placement;
import io.garrison.instances.availability.RouterSettings;
import io.garrison.instances.availability.Side;
import io.garrison.licensing.SubLicenses;
import java.util.ArrayList;
import java.util.List;
import org.springframework.stereotype.Component;

/** High availability as people are told of it. */
@Component
class HaTelling {

    private final HaStored stored;
    private final SubLicenses subLicenses;

    HaTelling(HaStored stored, SubLicenses subLicenses) {
        this.stored = stored;
        this.subLicenses = subLicenses;
    }

    StackHa told(Stacks.Row stack, HaStore.Stored now) {
        var settings = now.settings();
        var leftOut = stored.leftOut().of(stack.id(), now);
        var placement = placement(stack, now, leftOut);
        return new StackHa(
                stack.id(),
                settings.withRouters(settings.routers().stream()
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
                placement,
                warnings(stack, now, placement, leftOut),
                leftOut,
                now.version());
    }

    /** Of who takes no part: what it had. */
    InstanceHa apart(InstanceId id, Stacks.Row stack, HaStore.Stored now) {
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

    InstanceHa told(InstanceId id, Stacks.Row stack, HaStore.Stored now) {
        var side = now.settings().side(id.value()).orElseThrow(InstanceException.NotFound::new);
        return new InstanceHa(id, stack.id(), side, now.settings().label(), warnings(stack, now), now.version());
    }

    private List<Warning> warnings(Stacks.Row stack, HaStore.Stored now) {
        var leftOut = stored.leftOut().of(stack.id(), now);
        return warnings(stack, now, placement(stack, now, leftOut), leftOut);
    }

    private Placement placement(Stacks.Row stack, HaStore.Stored now, List<LeftOut> leftOut) {
        var without = leftOut.stream().map(LeftOut::router).toList();
        var planned = now.settings().routers().stream()
                .filter(router -> !without.contains(router.name()))
                .toList();
        return Placement.of(now.settings().withRouters(planned), stored.served(stack));
    }

    private List<Warning> warnings(Stacks.Row stack, HaStore.Stored now, Placement placement, List<LeftOut> leftOut) {
        var licensed = subLicenses
                .find(stack.subLicense())
                .map(found -> found.entitlements().throughputBps())
                .orElse(null);
        var warnings = new ArrayList<>(HaWarnings.of(now.settings(), placement, licensed));
        leftOut.stream().map(LeftOutRouters::warning).forEach(warnings::add);
        return List.copyOf(warnings);
    }
}
