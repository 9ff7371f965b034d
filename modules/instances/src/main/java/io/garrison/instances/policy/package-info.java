/** The rules of a policy document, its strict reader, and what changes between two of them. Pure functions. */
@NullMarked
package io.garrison.instances.policy;

import org.jspecify.annotations.NullMarked;
