/** Real servers for tests, shared by all tests of one JVM. */
@NullMarked
package io.garrison.testing;

import org.jspecify.annotations.NullMarked;
