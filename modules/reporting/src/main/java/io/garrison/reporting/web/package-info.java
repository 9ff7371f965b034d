/** The REST API of statistics, logs, usage and reports. */
@NullMarked
package io.garrison.reporting.web;

import org.jspecify.annotations.NullMarked;
