package io.garrison.licensing.web;

import io.garrison.licensing.ConsumptionView;
import io.garrison.licensing.ConsumptionView.State;
import io.garrison.licensing.OverageInterval;
import io.garrison.tenancy.http.Page;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** What is used of a sub-licence. */
@RestController
@RequestMapping("/api/v1/tenants/{t}/sub-licenses/{id}")
class ConsumptionController {

    private final ConsumptionView consumption;

    ConsumptionController(ConsumptionView consumption) {
        this.consumption = consumption;
    }

    @GetMapping("/consumption")
    Told consumption(@PathVariable String id) {
        return new Told(consumption.of(SubLicenseController.id(id)).stream()
                .map(Line::of)
                .toList());
    }

    @GetMapping("/overage")
    Page<Interval> overage(
            @PathVariable String id,
            @RequestParam(defaultValue = "" + Page.DEFAULT_LIMIT) @Min(1) @Max(Page.MAX_LIMIT) int limit,
            @RequestParam(required = false) @Nullable UUID after) {
        var rows = consumption.overage(SubLicenseController.id(id), after, limit + 1);
        return Page.of(rows, limit, row -> row.id().toString()).map(Interval::of);
    }

    record Told(List<Line> entitlements) {}

    /**
     * @param ceiling the most that may be used, if the policy is CEILING
     * @param used null if nobody has told yet
     * @param overage what is used beyond the limit
     */
    record Line(
            String metric,
            long limit,
            @Nullable Long ceiling,
            @Nullable Long used,
            long overage,
            String policy,
            State state,
            String unit) {

        static Line of(ConsumptionView.Line line) {
            return new Line(
                    line.metric().wireName(),
                    line.limit(),
                    line.overage().ceiling(),
                    line.used(),
                    line.over(),
                    line.overage().policy().name(),
                    line.state(),
                    line.metric().unit());
        }
    }

    /** @param to null while it lasts */
    record Interval(
            UUID id,
            String metric,
            Instant from,
            @Nullable Instant to,
            long amount,
            long limit,
            String policy,
            String unit) {

        static Interval of(OverageInterval interval) {
            return new Interval(
                    interval.id(),
                    interval.metric().wireName(),
                    interval.from(),
                    interval.to(),
                    interval.amount(),
                    interval.limit(),
                    interval.policy().name(),
                    interval.metric().unit());
        }
    }
}
