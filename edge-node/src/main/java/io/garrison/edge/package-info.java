/** The agent on an ADC instance: joins, keeps the data plane at the desired revision, measures and reports. */
@NullMarked
package io.garrison.edge;

import org.jspecify.annotations.NullMarked;
