/** Screens about stacks, instances, policies and certificates. */
@NullMarked
package io.garrison.instances.ui;

import org.jspecify.annotations.NullMarked;
