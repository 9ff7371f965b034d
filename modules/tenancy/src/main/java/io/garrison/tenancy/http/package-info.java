/** What every REST controller needs and no module should write twice: entity tags and pages. */
@NamedInterface("http")
@NullMarked
package io.garrison.tenancy.http;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
