/** Screens about the provider's licences and a tenant's sub-licences. */
@NullMarked
package io.garrison.licensing.ui;

import org.jspecify.annotations.NullMarked;
