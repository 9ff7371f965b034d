/**
 * What they bought: the licence of the provider, sub-licences, the licence pool, seats held by leases. Owns the rule
 * that the children of a licence never add up to more than it.
 */
@ApplicationModule(
        displayName = "Licensing",
        allowedDependencies = {"tenancy", "tenancy :: http", "tenancy :: ui", "protocol"})
@NullMarked
package io.garrison.licensing;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
