package io.garrison.instances.web;

import io.garrison.instances.FederationState;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1/federation")
class FederationController {

    private final FederationState federation;

    FederationController(FederationState federation) {
        this.federation = federation;
    }

    /** Where this installation reports to, and how that goes. */
    @GetMapping
    FederationState.Details get() {
        return federation.state();
    }

    /** With a new key, for an installation that was unbound or restored from a copy. All usage is sent again. */
    @PostMapping("/start-over")
    FederationState.Details startOver() {
        return federation.startOver();
    }
}
