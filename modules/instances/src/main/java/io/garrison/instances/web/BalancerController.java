package io.garrison.instances.web;

import io.garrison.instances.BalancerFlavour;
import io.garrison.instances.StackBalancer;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.util.List;
import java.util.UUID;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1/tenants/{t}/stacks/{s}/balancer")
class BalancerController {

    private final StackBalancer balancers;

    BalancerController(StackBalancer balancers) {
        this.balancers = balancers;
    }

    @GetMapping
    Told get(
            @PathVariable String s,
            @RequestParam(defaultValue = "haproxy") String flavour,
            @RequestParam(defaultValue = "" + StackBalancer.DEFAULT_HEALTH_PORT) @Min(1) @Max(65_535) int healthPort) {
        return Told.of(balancers.of(Ids.stack(s), BalancerFlavour.of(flavour), healthPort));
    }

    /** @param without instances that the text leaves out, and why */
    record Told(String flavour, long revision, int healthPort, String text, List<Without> without) {

        static Told of(StackBalancer.Snippet snippet) {
            return new Told(
                    snippet.flavour().word(),
                    snippet.revision(),
                    snippet.healthPort(),
                    snippet.text(),
                    snippet.without().stream()
                            .map(one -> new Without(one.instance().value(), one.name(), one.reason()))
                            .toList());
        }
    }

    record Without(UUID instanceId, String name, String reason) {}
}
