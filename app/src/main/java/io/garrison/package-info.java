/** The application: entry point of all modules. */
@NullMarked
package io.garrison;

import org.jspecify.annotations.NullMarked;
