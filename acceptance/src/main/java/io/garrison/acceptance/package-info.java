/** Drivers of the product from outside: processes, the documented contract, and traffic that is counted by itself. */
package io.garrison.acceptance;
