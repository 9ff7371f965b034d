/**
 * Counts what the bill is made of. The pure part ({@link io.garrison.edge.meter.Meter}) knows neither clock nor disk nor
 * HAProxy, so that thousands of histories with crashes in every place run in one test.
 */
@NullMarked
package io.garrison.edge.meter;

import org.jspecify.annotations.NullMarked;
