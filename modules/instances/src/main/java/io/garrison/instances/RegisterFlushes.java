package io.garrison.instances;

import io.garrison.protocol.MeterAck;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** Asks edges for their registers now, for tests and closings. For the provider; spans tenants. */
public interface RegisterFlushes {

    /** Asks every instance that is connected now; each learns it with the answer to its next heartbeat. */
    UUID request();

    /** @throws InstanceException.NotFound if there is no such request */
    Progress progress(UUID flush);

    /**
     * @param waiting instances that have not answered and are still connected
     * @param lost instances that were asked and have disconnected since
     * @param answered the registers that each edge wrote for this request
     */
    record Progress(Set<InstanceId> waiting, Set<InstanceId> lost, Map<EdgeIdentity, List<MeterAck>> answered) {}
}
