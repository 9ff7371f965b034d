/**
 * Who: provider and tenants, their members and roles, sign-in, API keys, act-as, the audit trail, secrets at rest, and
 * the binding of a tenant to running code and to the database. Owns isolation; knows nothing of licences or instances.
 */
@ApplicationModule(
        displayName = "Tenancy",
        allowedDependencies = {})
@NullMarked
package io.garrison.tenancy;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
