/** The management endpoint on loopback: health, metrics, and commands from this machine. */
@NullMarked
package io.garrison.edge.health;

import org.jspecify.annotations.NullMarked;
