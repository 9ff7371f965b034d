/**
 * The state that the instances of a stack share: signs of life, and clients that an operator blocked. Sessions and rates
 * are shared by HAProxy itself.
 */
@NullMarked
package io.garrison.edge.aux;

import org.jspecify.annotations.NullMarked;
