/** Stacks, policies and instances over REST, below {@code /api/v1/tenants/{t}}. */
@NullMarked
package io.garrison.instances.web;

import org.jspecify.annotations.NullMarked;
