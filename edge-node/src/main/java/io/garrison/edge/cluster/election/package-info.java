/** Who of the members leads: an election by terms, without a clock of its own and without a network. */
@NullMarked
package io.garrison.edge.cluster.election;

import org.jspecify.annotations.NullMarked;
