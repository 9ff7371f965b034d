/** An OpenSearch node in a process of its own. */
@NullMarked
package io.garrison.opensearch;

import org.jspecify.annotations.NullMarked;
