package io.garrison.instances;

import java.time.Instant;

/**
 * Something that happened on an instance, as it told it.
 *
 * @param position grows in the order in which events of one instance arrived
 * @param code stable, dotted: {@code ha.role-changed}
 * @param severity INFO, WARNING, ALARM
 */
public record InstanceEvent(
        long position,
        InstanceId instanceId,
        String instanceName,
        Instant at,
        String code,
        String severity,
        String message) {}
