/** Licences and sub-licences over HTTP. */
@NullMarked
package io.garrison.licensing.web;

import org.jspecify.annotations.NullMarked;
