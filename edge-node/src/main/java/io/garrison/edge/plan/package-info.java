/** What management wants of this instance as one of several. */
@NullMarked
package io.garrison.edge.plan;

import org.jspecify.annotations.NullMarked;
