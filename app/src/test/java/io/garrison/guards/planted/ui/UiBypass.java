package io.garrison.guards.planted.ui;

import io.garrison.licensing.SubLicenses;

/** A fault on purpose: calls what checks no right of the caller. */
public record UiBypass(SubLicenses unchecked) {}
