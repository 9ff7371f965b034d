package io.garrison.licensing.web;

import io.garrison.licensing.AboutInstallation;
import io.garrison.tenancy.DeploymentMode;
import java.util.UUID;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1/installation")
class InstallationController {

    private final AboutInstallation installation;

    InstallationController(AboutInstallation installation) {
        this.installation = installation;
    }

    /** Which installation this is and in which mode it runs. */
    @GetMapping
    Told get() {
        var about = installation.about();
        return new Told(about.mode(), about.deployment(), about.version());
    }

    /** @param deploymentId id of this installation, for a licence that is to be bound to it */
    record Told(DeploymentMode mode, UUID deploymentId, String version) {}
}
