/** Screens about traffic, logs and usage. */
@NullMarked
package io.garrison.reporting.ui;

import org.jspecify.annotations.NullMarked;
