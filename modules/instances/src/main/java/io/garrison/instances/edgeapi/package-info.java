/** The edge gateway: the one door for edges, on a TLS connector of its own, with the client certificate as identity. */
@NullMarked
package io.garrison.instances.edgeapi;

import org.jspecify.annotations.NullMarked;
