/** Ways to let traffic pass that HAProxy can't, uninspected. */
@NullMarked
package io.garrison.edge.ha.bypass;

import org.jspecify.annotations.NullMarked;
