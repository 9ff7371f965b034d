/**
 * The building blocks that every screen of the console is made of, so that all of them look and behave alike. Knows
 * how to show and to ask; knows nothing of what is shown.
 */
@NamedInterface("ui")
@NullMarked
package io.garrison.tenancy.ui;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
