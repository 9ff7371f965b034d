package io.garrison.licensing;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

/** Instances that remember that they were asked to drain. */
@Component
class TestSeatHolders implements SeatHolders {

    private final List<UUID> asked = new CopyOnWriteArrayList<>();

    @Override
    public void drain(Collection<UUID> instances) {
        asked.addAll(instances);
    }

    @Override
    public Map<UUID, String> names(Collection<UUID> instances) {
        return instances.stream().collect(Collectors.toMap(instance -> instance, instance -> "edge " + instance));
    }

    List<UUID> asked() {
        return asked;
    }
}
