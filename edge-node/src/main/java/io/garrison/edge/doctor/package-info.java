/** What an instance needs, looked at layer by layer, for somebody who wonders why it does not do its work. */
@NullMarked
package io.garrison.edge.doctor;

import org.jspecify.annotations.NullMarked;
