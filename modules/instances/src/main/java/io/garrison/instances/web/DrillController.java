package io.garrison.instances.web;

import io.garrison.instances.Drills;
import io.garrison.instances.Drills.DrillSummary;
import io.garrison.instances.Drills.DrillWish;
import io.garrison.instances.Drills.State;
import io.garrison.protocol.Availability.DrillResult;
import io.garrison.protocol.Drill.Kind;
import io.garrison.tenancy.http.Page;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Rehearsed failovers of a stack. */
@RestController
@RequestMapping("/api/v1/tenants/{t}/stacks/{s}/drills")
class DrillController {

    private static final int USUAL_SECONDS = 10;

    private final Drills drills;

    DrillController(Drills drills) {
        this.drills = drills;
    }

    @PostMapping
    @ResponseStatus(HttpStatus.CREATED)
    Told rehearse(@PathVariable String s, @RequestBody @Valid NewDrill asked) {
        return Told.of(drills.rehearse(Ids.stack(s), asked.wish()));
    }

    @GetMapping
    Page<Told> list(
            @PathVariable String s,
            @RequestParam(defaultValue = "" + Page.DEFAULT_LIMIT) @Min(1) @Max(Page.MAX_LIMIT) int limit,
            @RequestParam(required = false) @Nullable String after) {
        var rows = drills.of(Ids.stack(s), after == null ? null : Ids.uuid(after), limit + 1);
        return Page.of(rows, limit, row -> row.id().toString()).map(Told::of);
    }

    /** Takes back one of which no instance has been told; that is, until two minutes before it begins. */
    @DeleteMapping("/{drill}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void cancel(@PathVariable String s, @PathVariable String drill) {
        drills.cancel(Ids.stack(s), Ids.uuid(drill));
    }

    /**
     * @param kind GRACEFUL if absent
     * @param at as soon as both instances can have heard of it, if absent
     * @param holdSeconds 10 if absent
     * @param consent true, or nothing happens
     */
    record NewDrill(
            @NotNull String router,
            @Nullable Kind kind,
            @Nullable Instant at,
            @Nullable Integer holdSeconds,
            @NotNull Boolean consent,
            @NotNull String reason) {

        DrillWish wish() {
            return new DrillWish(
                    router,
                    kind == null ? Kind.GRACEFUL : kind,
                    at,
                    holdSeconds == null ? USUAL_SECONDS : holdSeconds,
                    consent,
                    reason);
        }
    }

    /** @param cancellable whether DELETE takes it back */
    record Told(
            UUID id,
            String router,
            Kind kind,
            State state,
            Instant at,
            int holdSeconds,
            String reason,
            UUID yielder,
            UUID prober,
            Instant askedAt,
            String askedBy,
            @Nullable DrillResult yielded,
            @Nullable DrillResult probed,
            @Nullable String problem,
            boolean cancellable) {

        static Told of(DrillSummary drill) {
            return new Told(
                    drill.id(),
                    drill.router(),
                    drill.kind(),
                    drill.state(),
                    drill.startsAt(),
                    drill.holdSeconds(),
                    drill.reason(),
                    drill.yielder().value(),
                    drill.prober().value(),
                    drill.askedAt(),
                    drill.askedBy(),
                    drill.yielded(),
                    drill.probed(),
                    drill.problem(),
                    drill.cancellable());
        }
    }
}
