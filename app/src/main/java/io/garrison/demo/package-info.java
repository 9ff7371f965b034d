/**
 * The demonstration: tenants, edges, back ends and traffic on one machine, made through the same API and commands that
 * anybody else has.
 */
@NullMarked
package io.garrison.demo;

import org.jspecify.annotations.NullMarked;
