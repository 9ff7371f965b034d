/**
 * What crosses the wire between management and the edge: records and their JSON form, nothing else. Both ends run
 * different versions in the field for months, so a record only ever grows, and a reader ignores fields that it does not
 * know.
 */
@NullMarked
package io.garrison.protocol;

import org.jspecify.annotations.NullMarked;
