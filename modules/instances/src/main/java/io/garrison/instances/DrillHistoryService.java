package io.garrison.instances;

import io.garrison.instances.Drills.State;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

@Service
@Transactional(readOnly = true)
class DrillHistoryService implements DrillHistory {

    private final DrillRows rows;
    private final Clock clock;

    DrillHistoryService(DrillRows rows, Clock clock) {
        this.rows = rows;
        this.clock = clock;
    }

    @Override
    public List<Entry> between(Instant from, Instant to) {
        return rows.between(from, to, MOST, clock.instant()).reversed().stream()
                .filter(entry -> entry.drill().state() != State.PLANNED)
                .toList();
    }
}
