/** Renders, checks, starts and follows keepalived, which speaks VRRP for this instance. */
@NullMarked
package io.garrison.edge.ha.keepalived;

import org.jspecify.annotations.NullMarked;
