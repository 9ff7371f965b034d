package io.garrison.licensing;

import io.garrison.tenancy.DeploymentRules;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.info.BuildProperties;
import org.springframework.stereotype.Service;

@Service
class AboutInstallationService implements AboutInstallation {

    private final Installation installation;
    private final DeploymentRules rules;
    private final ObjectProvider<BuildProperties> build;

    AboutInstallationService(Installation installation, DeploymentRules rules, ObjectProvider<BuildProperties> build) {
        this.installation = installation;
        this.rules = rules;
        this.build = build;
    }

    @Override
    public Details about() {
        return new Details(rules.mode(), installation.id(), version(build.getIfAvailable()));
    }

    private static String version(@Nullable BuildProperties packaged) {
        var version = packaged == null ? null : packaged.getVersion();
        return version == null ? "development" : version;
    }
}
