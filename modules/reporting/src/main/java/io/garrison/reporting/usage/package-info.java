/** The meter: registers as they arrive, and the hourly usage that is derived from them. */
@NullMarked
package io.garrison.reporting.usage;

import org.jspecify.annotations.NullMarked;
