/**
 * Holds the traffic of clients to the instance's share of its sub-licence's throughput, with the kernel's own means. What
 * this machine or this user can't do is reported, never pretended.
 */
@NullMarked
package io.garrison.edge.shaping;

import org.jspecify.annotations.NullMarked;
