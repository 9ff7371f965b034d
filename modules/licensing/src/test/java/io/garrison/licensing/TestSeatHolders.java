package io.garrison.licensing;

import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.springframework.stereotype.Component;

/** Instances that remember that they were asked to drain. */
@Component
class TestSeatHolders implements SeatHolders {

    private final List<UUID> asked = new CopyOnWriteArrayList<>();

    @Override
    public void drain(Collection<UUID> instances) {
        asked.addAll(instances);
    }

    List<UUID> asked() {
        return asked;
    }
}
