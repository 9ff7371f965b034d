package io.garrison.guards.planted.web;

import io.garrison.licensing.InstanceSeats;

/** A fault on purpose: calls what checks no right of the caller. */
public record WebBypass(InstanceSeats unchecked) {}
