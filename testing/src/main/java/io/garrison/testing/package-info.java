/** Real servers for tests: shared by all tests of one JVM, taken from the environment where it names some. */
@NullMarked
package io.garrison.testing;

import org.jspecify.annotations.NullMarked;
