package io.garrison.licensing;

import java.util.Collection;
import java.util.Map;
import java.util.UUID;

/** Who knows the instances that hold seats. Licensing knows them by their ids alone. */
public interface SeatHolders {

    /**
     * Asks instances of the bound tenant to drain, in the caller's transaction. Those that drain already, and those that
     * are not there any more, are passed over. The caller holds the lock on their sub-licence, and
     * none on the audit trail: whoever locks a sub-licence, its instances and the trail does so in this order.
     */
    void drain(Collection<UUID> instances);

    /** What people call those of them that the bound tenant has, in the caller's transaction. */
    Map<UUID, String> names(Collection<UUID> instances);
}
