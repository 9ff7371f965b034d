/** Six ways to find peers, and the one interface that the cluster knows. */
@NullMarked
package io.garrison.edge.cluster.discovery;

import org.jspecify.annotations.NullMarked;
