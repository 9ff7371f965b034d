/**
 * What an instance does for the shared addresses of its stack (HA-00a to HA-11): keepalived speaks VRRP, the agent says
 * how good this instance is.
 */
@NullMarked
package io.garrison.edge.ha;

import org.jspecify.annotations.NullMarked;
