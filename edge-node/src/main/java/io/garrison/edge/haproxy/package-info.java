/**
 * HAProxy as the data plane of one instance: renders a policy into a configuration through a typed model, has the result
 * re-read by an independent parser, checked by HAProxy itself, installed so that no crash leaves half a file, and counts
 * what passes.
 */
@NullMarked
package io.garrison.edge.haproxy;

import org.jspecify.annotations.NullMarked;
