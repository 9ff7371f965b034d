/** What happened on this instance that people want to know of. */
@NullMarked
package io.garrison.edge.events;

import org.jspecify.annotations.NullMarked;
