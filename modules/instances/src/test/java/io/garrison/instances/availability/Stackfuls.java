package io.garrison.instances.availability;

import io.garrison.instances.TrafficMode;
import io.garrison.protocol.AccessList;
import io.garrison.protocol.HaSettings;
import io.garrison.protocol.HaSettings.HaMode;
import io.garrison.protocol.Policy;
import io.garrison.protocol.Protection;
import io.garrison.protocol.VirtualRouter.VirtualAddress;
import io.garrison.protocol.VirtualService;
import io.garrison.protocol.VirtualService.ServiceProtocol;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Stacks that hold, for tests to break. */
final class Stackfuls {

    static final SharedSettings SHARED = SharedSettings.DEFAULT;

    private Stackfuls() {}

    static UUID id(int number) {
        return new UUID(0, number);
    }

    /** The first is the primary. */
    static StackSettings of(HaMode mode, TrafficMode traffic, int members, RouterSettings... routers) {
        var shared =
                new SharedSettings(mode, SHARED.port(), SHARED.peerCheckIntervalMs(), SHARED.peerFailureThreshold());
        var sides = new ArrayList<Side>();
        for (int at = 1; at <= members; at++) {
            sides.add(Side.untold(id(at)).asPrimary(at == 1).under(shared));
        }
        return new StackSettings(traffic, shared, sides, List.of(routers));
    }

    static StackSettings with(StackSettings before, MixedModes mixed) {
        return new StackSettings(before.trafficMode(), before.shared(), before.sides(), before.routers(), mixed);
    }

    static VirtualService http(String name, String address) {
        return service(name, address, ServiceProtocol.HTTP);
    }

    static VirtualService tcp(String name, String address) {
        return service(name, address, ServiceProtocol.TCP);
    }

    private static VirtualService service(String name, String address, ServiceProtocol protocol) {
        return new VirtualService(
                name,
                address,
                8080,
                protocol,
                true,
                null,
                "pool",
                AccessList.OPEN,
                null,
                1_000,
                List.of(),
                null,
                Protection.NONE);
    }

    static Policy policy(VirtualService... services) {
        return new Policy(List.of(services), List.of());
    }

    static StackSettings with(StackSettings before, SharedSettings shared) {
        return new StackSettings(
                before.trafficMode(),
                shared,
                before.sides().stream().map(side -> side.under(shared)).toList(),
                before.routers());
    }

    static StackSettings with(StackSettings before, HaSettings first) {
        var sides = new ArrayList<>(before.sides());
        sides.set(0, new Side(id(1), first, List.of(), null).under(before.shared()));
        return new StackSettings(before.trafficMode(), before.shared(), sides, before.routers());
    }

    static RouterSettings router(String name, int number, @Nullable UUID owner) {
        return router(name, number, owner, 3, null, "192.0.2." + number);
    }

    static RouterSettings router(
            String name,
            int number,
            @Nullable UUID owner,
            int version,
            @Nullable String password,
            String... addresses) {
        return new RouterSettings(
                name,
                "lan",
                number,
                "eth0",
                List.of(addresses).stream()
                        .map(address -> new VirtualAddress(address, address.contains(":") ? 64 : 24, null))
                        .toList(),
                owner,
                version,
                password,
                5,
                0);
    }
}
