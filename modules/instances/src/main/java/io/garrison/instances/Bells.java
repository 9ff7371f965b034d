package io.garrison.instances;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The edges that wait at this replica, and how they are woken. */
final class Bells {

    private final Map<InstanceId, Bell> byInstance = new ConcurrentHashMap<>();
    private final Map<StackId, Set<Bell>> byStack = new ConcurrentHashMap<>();

    /** One wait of one edge. */
    static final class Bell {
        private final EdgeIdentity edge;
        private final CountDownLatch rung = new CountDownLatch(1);
        private volatile boolean last;

        private Bell(EdgeIdentity edge) {
            this.edge = edge;
        }

        /** @return false if nobody has rung in time */
        boolean await(long nanos) throws InterruptedException {
            return rung.await(nanos, TimeUnit.NANOSECONDS);
        }

        /** Whether the wait is to end, whatever there is: the edge has called anew, or the gateway closes. */
        boolean isLast() {
            return last;
        }

        private void ring() {
            rung.countDown();
        }

        private void dismiss() {
            last = true;
            ring();
        }
    }

    /** Whoever looks at the state after this misses no news. Ends an earlier wait of the same instance. */
    Bell hang(EdgeIdentity edge) {
        var bell = new Bell(edge);
        byStack.compute(edge.stackId(), (stack, bells) -> {
            var all = bells == null ? ConcurrentHashMap.<Bell>newKeySet() : bells;
            all.add(bell);
            return all;
        });
        var earlier = byInstance.put(edge.instanceId(), bell);
        if (earlier != null) {
            earlier.dismiss();
        }
        return bell;
    }

    void take(Bell bell) {
        byInstance.remove(bell.edge.instanceId(), bell);
        byStack.computeIfPresent(bell.edge.stackId(), (stack, bells) -> {
            bells.remove(bell);
            return bells.isEmpty() ? null : bells;
        });
    }

    void ring(StackId stack) {
        byStack.getOrDefault(stack, Set.of()).forEach(Bell::ring);
    }

    void ring(InstanceId instance) {
        var bell = byInstance.get(instance);
        if (bell != null) {
            bell.ring();
        }
    }

    /** After news may have been missed. */
    void ringAll() {
        byInstance.values().forEach(Bell::ring);
    }

    void dismissAll() {
        byInstance.values().forEach(Bell::dismiss);
    }

    int waiting() {
        return byInstance.size();
    }
}
