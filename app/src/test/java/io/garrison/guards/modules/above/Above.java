package io.garrison.guards.modules.above;

public record Above(String name) {}
