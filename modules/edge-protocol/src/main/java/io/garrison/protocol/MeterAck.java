package io.garrison.protocol;

import java.util.UUID;

/** Every record of this stream and epoch up to and including {@code sequence} is present. */
public record MeterAck(UUID stream, long epoch, long sequence) {}
