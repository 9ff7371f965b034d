/**
 * Starting and stopping an installation on one machine: arguments, data directory, embedded servers, application, first
 * administrator. Knows no rule of the domain.
 */
@NullMarked
package io.garrison.boot;

import org.jspecify.annotations.NullMarked;
