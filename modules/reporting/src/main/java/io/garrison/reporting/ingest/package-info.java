/** The way of telemetry through Kafka: what the gateway hands on is checked, stamped and produced; collectors take it. */
@NullMarked
package io.garrison.reporting.ingest;

import org.jspecify.annotations.NullMarked;
