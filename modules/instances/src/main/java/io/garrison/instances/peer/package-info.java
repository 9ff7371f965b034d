/**
 * What two installations that keep one configuration say to each other, and how: the words, the rule by which both decide,
 * and a listener and a caller that prove to each other that they hold one key.
 */
@NullMarked
package io.garrison.instances.peer;

import org.jspecify.annotations.NullMarked;
