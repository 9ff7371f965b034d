/** Configuration of a load balancer of the customer's that stands in front of a stack. Pure functions. */
@NullMarked
package io.garrison.instances.balancer;

import org.jspecify.annotations.NullMarked;
