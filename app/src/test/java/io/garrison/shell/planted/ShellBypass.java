package io.garrison.shell.planted;

import io.garrison.instances.RegisterFlushes;

/** A fault on purpose: calls what checks no right of the caller. */
public record ShellBypass(RegisterFlushes unchecked) {}
