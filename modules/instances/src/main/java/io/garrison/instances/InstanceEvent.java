package io.garrison.instances;

import java.time.Instant;

/**
 * Something that happened on an instance, as it told it.
 *
 * @param position for the next page
 * @param code stable, dotted: {@code ha.role-changed}
 * @param severity INFO, WARNING, ALARM
 */
public record InstanceEvent(
        EventCursor position,
        InstanceId instanceId,
        String instanceName,
        Instant at,
        String code,
        String severity,
        String message) {}
