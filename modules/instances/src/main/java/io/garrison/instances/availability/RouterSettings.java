package io.garrison.instances.availability;

import io.garrison.protocol.VirtualRouter.VirtualAddress;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A virtual router of a stack, as people set it; what instances are told of it is
 * {@link io.garrison.protocol.VirtualRouter}.
 *
 * @param network name of the layer-2 segment, 1–63 of a–z, 0–9, {@code . _ -}; in it no number and no address is had
 *     twice, whosever they are
 * @param owner who holds the addresses as long as it is healthy; null to have one chosen
 * @param password of version 2; null for none, or, in a change, for the one that there is
 */
public record RouterSettings(
        String name,
        String network,
        int id,
        String device,
        List<VirtualAddress> addresses,
        @Nullable UUID owner,
        int version,
        @Nullable String password,
        int gratuitousArpRepeat,
        int gratuitousArpRefreshSeconds) {

    public RouterSettings {
        addresses = List.copyOf(addresses);
    }

    public RouterSettings withPassword(@Nullable String other) {
        return with(owner, other);
    }

    public RouterSettings withoutOwner() {
        return with(null, password);
    }

    private RouterSettings with(@Nullable UUID otherOwner, @Nullable String otherPassword) {
        return new RouterSettings(
                name,
                network,
                id,
                device,
                addresses,
                otherOwner,
                version,
                otherPassword,
                gratuitousArpRepeat,
                gratuitousArpRefreshSeconds);
    }

    @Override
    public String toString() {
        return "%s (%d in %s)".formatted(name, id, network); // never the password
    }
}
