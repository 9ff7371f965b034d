/**
 * What runs: stacks, instances, enrolment and the certificate authority, policy, revisions, and the gateway that edges
 * dial. Owns the desired state of every edge and what is known of its actual state; never what a customer used.
 */
@ApplicationModule(
        displayName = "Instances",
        allowedDependencies = {"tenancy", "tenancy :: http", "tenancy :: ui", "licensing", "protocol"})
@NullMarked
package io.garrison.instances;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
