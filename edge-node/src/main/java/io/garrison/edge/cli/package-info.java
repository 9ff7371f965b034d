/** The commands of {@code garrison edge}. Documents go to standard output, everything for people to standard error. */
@NullMarked
package io.garrison.edge.cli;

import org.jspecify.annotations.NullMarked;
