/** The installation's certificate authority for edges: what is signed, and what is asked of those who ask. */
@NullMarked
package io.garrison.instances.pki;

import org.jspecify.annotations.NullMarked;
