/** Planted: nothing may depend on it. */
@org.springframework.modulith.ApplicationModule(allowedDependencies = {})
package io.garrison.guards.modules.above;
