package io.garrison.instances;

import io.garrison.instances.availability.HaWarnings.Warning;
import io.garrison.tenancy.Refusal;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a file of configuration that moves would bring.
 *
 * @param exportedAt by the clock of the installation that it is from
 */
public record MovePreview(Instant exportedAt, List<Coming> stacks) {

    public MovePreview {
        stacks = List.copyOf(stacks);
    }

    /** Whether it would be taken as it is. */
    public boolean fits() {
        return stacks.stream().allMatch(stack -> stack.conflict() == null);
    }

    /** The first that would keep it from being taken. */
    public Optional<Conflict> firstConflict() {
        return stacks.stream()
                .flatMap(stack -> Optional.ofNullable(stack.conflict()).stream())
                .findFirst();
    }

    /**
     * One stack.
     *
     * @param services names of the virtual services that were published last
     * @param revisions how many come along
     * @param oldest number of the oldest of them; 0 if nothing was published
     * @param newest number of the newest of them; what it says is published here under the next one
     * @param certificates names
     * @param warnings what does not stand against it, and has to be known
     * @param conflict why it would not be taken; null if nothing is known that stands against it
     */
    public record Coming(
            StackId id,
            String name,
            TrafficMode trafficMode,
            List<String> services,
            int revisions,
            long oldest,
            long newest,
            List<String> certificates,
            List<Warning> warnings,
            @Nullable Conflict conflict) {

        public Coming {
            services = List.copyOf(services);
            certificates = List.copyOf(certificates);
            warnings = List.copyOf(warnings);
        }

        Coming against(Refusal refusal) {
            return new Coming(
                    id,
                    name,
                    trafficMode,
                    services,
                    revisions,
                    oldest,
                    newest,
                    certificates,
                    warnings,
                    Conflict.of(refusal));
        }
    }

    /** @param code that of the refusal */
    public record Conflict(String code, String message) {

        static Conflict of(Refusal refusal) {
            var first = refusal.errors().isEmpty()
                    ? ""
                    : " " + refusal.errors().getFirst().field() + ": "
                            + refusal.errors().getFirst().message();
            return new Conflict(refusal.code(), refusal.getMessage() + first);
        }
    }
}
