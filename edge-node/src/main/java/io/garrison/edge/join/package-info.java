/** How an instance gets its identity, keeps it, and renews it. */
@NullMarked
package io.garrison.edge.join;

import org.jspecify.annotations.NullMarked;
