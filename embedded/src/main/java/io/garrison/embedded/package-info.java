/** The real servers that Garrison stands on, as supervised child processes for installations on one machine. */
@NullMarked
package io.garrison.embedded;

import org.jspecify.annotations.NullMarked;
