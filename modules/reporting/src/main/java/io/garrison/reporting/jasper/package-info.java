/** Fills and exports report templates with JasperReports. */
@NullMarked
package io.garrison.reporting.jasper;

import org.jspecify.annotations.NullMarked;
