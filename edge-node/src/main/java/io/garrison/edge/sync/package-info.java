/** The way to management and back: desired revisions in, reports out, and what the agent trusts. */
@NullMarked
package io.garrison.edge.sync;

import org.jspecify.annotations.NullMarked;
