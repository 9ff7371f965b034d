/** The running agent: its loops, and what they share. */
@NullMarked
package io.garrison.edge.agent;

import org.jspecify.annotations.NullMarked;
