/** Planted: uses a module that it does not declare. */
@org.springframework.modulith.ApplicationModule(allowedDependencies = {})
package io.garrison.guards.modules.below;
