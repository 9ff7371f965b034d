package io.garrison.instances;

import io.garrison.protocol.Examination;
import io.garrison.protocol.Examination.Finding;
import java.time.Clock;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** The part of a heartbeat that is about an examination: whether one is wanted, and what it found. */
@Component
class ExaminationTalk {

    /** What is told beyond this is left out; an instance has some sixty findings at most. */
    private static final int MOST = 200;

    private static final int MOST_WORDS = 1_000;
    private static final Set<String> OUTCOMES = Set.of("GOOD", "BAD", "SKIPPED");

    private final ExaminationRows rows;
    private final Clock clock;

    ExaminationTalk(ExaminationRows rows, Clock clock) {
        this.rows = rows;
        this.clock = clock;
    }

    /** @return the one that is wanted of it */
    @Transactional
    public Optional<UUID> answer(EdgeIdentity from, @Nullable Examination told) {
        var now = clock.instant();
        var open = rows.open(from.instanceId(), now);
        if (open.isEmpty()) {
            return open;
        }
        if (told != null && open.get().equals(told.id())) {
            rows.take(from.instanceId(), shown(told));
            return Optional.empty();
        }
        rows.told(from.instanceId(), now);
        return open;
    }

    /** @throws IllegalArgumentException if something that is needed is absent */
    private static Examination shown(Examination told) {
        require(told.startedAt(), told.endedAt());
        return new Examination(
                told.id(),
                told.startedAt(),
                told.endedAt(),
                told.findings().stream().limit(MOST).map(ExaminationTalk::shown).toList(),
                Told.textOrNull(told.problem(), MOST_WORDS));
    }

    private static Finding shown(Finding told) {
        require(told.id(), told.layer(), told.outcome(), told.found());
        if (!OUTCOMES.contains(told.outcome())) {
            throw new IllegalArgumentException("a finding has no known outcome");
        }
        return new Finding(
                Told.text(told.id(), 64),
                Told.text(told.layer(), 32),
                told.outcome(),
                Told.text(told.found(), MOST_WORDS),
                Told.textOrNull(told.fix(), MOST_WORDS));
    }

    private static void require(@Nullable Object... parts) {
        for (var part : parts) {
            if (part == null) {
                throw new IllegalArgumentException("the examination is not complete");
            }
        }
    }
}
