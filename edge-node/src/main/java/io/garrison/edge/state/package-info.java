/** The state directory of one instance: durable files, settings, and the lock that keeps a second agent out. */
@NullMarked
package io.garrison.edge.state;

import org.jspecify.annotations.NullMarked;
