package io.garrison.embedded;

import java.nio.file.Path;

/**
 * Where and how one PostgreSQL runs.
 *
 * @param binaries directory that the server is unpacked into, shared by any number of servers
 * @param home directory of this server's own files
 * @param log file that takes what it prints
 * @param port loopback port; 0 for any free one
 * @param durable whether a commit survives a crash of the machine; tests give this up for speed
 */
public record PostgresOptions(Path binaries, Path home, Path log, int port, boolean durable) {}
