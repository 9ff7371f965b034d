/**
 * What happened: telemetry from the gateway through Kafka into PostgreSQL and OpenSearch, statistics, logs, usage
 * records and reports. Owns the truth of the bill.
 */
@ApplicationModule(
        displayName = "Reporting",
        allowedDependencies = {"tenancy", "tenancy :: http", "tenancy :: ui", "licensing", "instances", "protocol"})
@NullMarked
package io.garrison.reporting;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
