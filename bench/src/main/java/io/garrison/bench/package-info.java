/** Benchmarks: ratios of two arms measured in one run, with what was measured kept as JSON. */
@NullMarked
package io.garrison.bench;

import org.jspecify.annotations.NullMarked;
