package io.garrison.reporting.usage;

import java.util.UUID;

/** One stream and what it meters; their order is that of usage records. */
record StreamKey(UUID tenant, UUID stack, UUID instance, String virtualService, String source, UUID stream) {}
