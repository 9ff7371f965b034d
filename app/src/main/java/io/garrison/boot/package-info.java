/**
 * Starting and stopping an installation, on one machine with its servers or alone on servers that others run: arguments,
 * settings, data directory, embedded servers, application, first administrator. Knows no rule of the domain.
 */
@NullMarked
package io.garrison.boot;

import org.jspecify.annotations.NullMarked;
