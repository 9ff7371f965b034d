/** The customer's end of the line: this installation makes itself known to the MSSP's and tells it how it does. */
@NullMarked
package io.garrison.instances.federation;

import org.jspecify.annotations.NullMarked;
