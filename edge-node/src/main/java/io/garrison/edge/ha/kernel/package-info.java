/** What the kernel is told for the shared addresses, by the programs of the system's administrator. */
@NullMarked
package io.garrison.edge.ha.kernel;

import org.jspecify.annotations.NullMarked;
