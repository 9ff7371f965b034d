/** The connection to the peers: mutual TLS, the filter of addresses, membership and messages. JGroups is used here only. */
@NullMarked
package io.garrison.edge.cluster.link;

import org.jspecify.annotations.NullMarked;
