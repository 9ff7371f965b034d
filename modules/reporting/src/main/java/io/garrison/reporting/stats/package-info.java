/** Traffic statistics: samples into 5-minute rows, and charts out of both. */
@NullMarked
package io.garrison.reporting.stats;

import org.jspecify.annotations.NullMarked;
