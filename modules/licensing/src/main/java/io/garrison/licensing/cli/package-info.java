/** {@code garrison license}: makes vendor keys, issues licences, inspects and verifies them. Works offline. */
@NamedInterface("cli")
@NullMarked
package io.garrison.licensing.cli;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
