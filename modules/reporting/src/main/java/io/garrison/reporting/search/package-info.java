/** Access events in OpenSearch: indexing, retention, and search through the one class that adds the tenant. */
@NullMarked
package io.garrison.reporting.search;

import org.jspecify.annotations.NullMarked;
