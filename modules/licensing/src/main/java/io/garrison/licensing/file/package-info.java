/**
 * Licence files: compact JWS (RFC 7515) with Ed25519 (RFC 8037), read by rules that leave nothing to the file, and the
 * keys that sign them. Plain Java, so that the command line works without a server.
 */
@NullMarked
package io.garrison.licensing.file;

import org.jspecify.annotations.NullMarked;
