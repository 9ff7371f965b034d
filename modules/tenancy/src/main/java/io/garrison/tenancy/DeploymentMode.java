package io.garrison.tenancy;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Who runs management for a tenant, and where. What follows from it for an installation: {@link DeploymentRules}. */
public enum DeploymentMode {
    STANDALONE,
    CENTRALIZED,
    CLUSTER,
    PRIVATE_CLOUD;

    /** As it is written in settings and on the command line: {@code private-cloud}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public static Optional<DeploymentMode> of(String word) {
        return Arrays.stream(values()).filter(mode -> mode.word().equals(word)).findFirst();
    }
}
