/**
 * What stands between the network and the modules: who may come in, for which tenant, how often, with what form of input,
 * and how refusals are told. Knows no rule of the domain.
 */
@ApplicationModule(
        displayName = "Platform",
        allowedDependencies = {"tenancy", "tenancy :: http", "instances", "reporting"})
@NullMarked
package io.garrison.platform;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
