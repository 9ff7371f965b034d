/** Registers of installations of customers' own: how they leave there, and how they come into the MSSP's ledger. */
@NullMarked
package io.garrison.reporting.federation;

import org.jspecify.annotations.NullMarked;
