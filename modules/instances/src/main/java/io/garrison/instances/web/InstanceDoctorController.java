package io.garrison.instances.web;

import io.garrison.instances.InstanceDoctor;
import io.garrison.instances.InstanceDoctor.Examined;
import io.garrison.instances.InstanceDoctor.State;
import io.garrison.protocol.Examination;
import io.garrison.protocol.Examination.Finding;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** What is wrong with an instance, as its own doctor finds it. */
@RestController
@RequestMapping("/api/v1/tenants/{t}/instances/{i}/doctor")
class InstanceDoctorController {

    private final InstanceDoctor doctor;

    InstanceDoctorController(InstanceDoctor doctor) {
        this.doctor = doctor;
    }

    @GetMapping
    Told latest(@PathVariable String i) {
        return Told.of(doctor.latest(Ids.instance(i)));
    }

    /** Asked again before the end, that one goes on. */
    @PostMapping
    @ResponseStatus(HttpStatus.ACCEPTED)
    Told examine(@PathVariable String i) {
        return Told.of(doctor.examine(Ids.instance(i)));
    }

    /**
     * @param result the newest that there is; unless the state is DONE, it is of an earlier examination
     */
    record Told(
            State state,
            @Nullable UUID id,
            @Nullable Instant askedAt,
            @Nullable String askedBy,
            @Nullable Result result) {

        static Told of(Examined examined) {
            var result = examined.result();
            return new Told(
                    examined.state(),
                    examined.id(),
                    examined.askedAt(),
                    examined.askedBy(),
                    result == null ? null : Result.of(result, examined.cause()));
        }
    }

    /**
     * @param healthy whether it came to its end and nothing is bad
     * @param cause id of what is bad on the lowest layer, which is where to begin; absent if nothing is
     * @param problem why there are no findings; absent if it came to its end
     */
    record Result(
            UUID id,
            Instant startedAt,
            Instant endedAt,
            boolean healthy,
            @Nullable String cause,
            List<Finding> findings,
            @Nullable String problem) {

        static Result of(Examination examination, Optional<Finding> cause) {
            return new Result(
                    examination.id(),
                    examination.startedAt(),
                    examination.endedAt(),
                    cause.isEmpty() && examination.problem() == null,
                    cause.map(Finding::id).orElse(null),
                    examination.findings(),
                    examination.problem());
        }
    }
}
