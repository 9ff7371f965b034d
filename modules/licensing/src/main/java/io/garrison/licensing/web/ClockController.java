package io.garrison.licensing.web;

import io.garrison.licensing.ClockAdministration;
import io.garrison.licensing.ClockAdministration.ClockSummary;
import io.garrison.protocol.SeenTime;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** The installation's clock, as licences see it. */
@RestController
@RequestMapping("/api/v1/clock")
class ClockController {

    private final ClockAdministration clock;

    ClockController(ClockAdministration clock) {
        this.clock = clock;
    }

    @GetMapping
    Told get() {
        return Told.of(clock.get());
    }

    @PostMapping("/confirm")
    Told confirm() {
        return Told.of(clock.confirm());
    }

    record Told(
            Instant clock,
            Instant effective,
            SeenTime.State state,
            @Nullable Long aheadSeconds,
            @Nullable Instant believedFrom) {

        static Told of(ClockSummary found) {
            var ahead = found.ahead();
            return new Told(
                    found.clock(),
                    found.effective(),
                    found.state(),
                    ahead == null ? null : ahead.toSeconds(),
                    found.believedFrom());
        }
    }
}
