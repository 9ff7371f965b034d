/** How configuration travels from one installation to another: sealed for the one that takes it. */
@NullMarked
package io.garrison.instances.move;

import org.jspecify.annotations.NullMarked;
