/** High availability of a stack without its storage: the values, their rules, and the plans that follow from them. */
@NullMarked
package io.garrison.instances.availability;

import org.jspecify.annotations.NullMarked;
