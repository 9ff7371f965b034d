/** The instance among its peers: who they are, how they are, who of them leads, and what they give each other. */
@NullMarked
package io.garrison.edge.cluster;

import org.jspecify.annotations.NullMarked;
