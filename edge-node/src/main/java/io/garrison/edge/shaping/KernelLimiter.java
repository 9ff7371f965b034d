package io.garrison.edge.shaping;

import io.garrison.edge.meter.ByteCounters.Endpoint;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Limits with two intermediate devices of the kernel (ifb), each with one class of a token bucket (HTB): one for what goes
 * to clients, one for what comes from them. All network devices lead to the same two, so the rate holds for them
 * together; and none of their own queueing disciplines is touched. Like counters, the limit stays when the agent ends.
 *
 * <p>The rate counts frames with their Ethernet header of 14 bytes, so that IP traffic of full packets comes to 99 % of
 * it, and never to more than all.
 */
public final class KernelLimiter implements Limiter {

    /** Less than that is hardly a packet each second. */
    private static final long LEAST_BPS = 8_000;

    private static final long CHECK_NANOS = TimeUnit.SECONDS.toNanos(15);

    private final KernelNames names;
    private @Nullable Setup standing;
    private String table = "";
    private long checkedNanos;

    private record Setup(long bps, List<Target> targets, List<String> devices) {}

    public KernelLimiter(UUID instance) {
        this.names = KernelNames.of(instance);
    }

    @Override
    public void limit(long bps, Collection<Endpoint> endpoints) throws IOException {
        var devices = Devices.now();
        var wanted = new Setup(Math.max(bps, LEAST_BPS), Target.of(endpoints, devices), devices.names());
        var is = standing;
        if (wanted.equals(is) && System.nanoTime() - checkedNanos < CHECK_NANOS) {
            return;
        }
        standing = null;
        if (wanted.targets().isEmpty()) {
            remove();
            stands(wanted);
            return;
        }
        var tc = Program.named("tc");
        var ip = Program.named("ip");
        var ingress = new Ingress(Program.named("nft"), names);
        new Throttle(ip, tc, names.out()).pass(wanted.bps());
        new Throttle(ip, tc, names.in()).pass(wanted.bps());
        var egress = new Egress(tc, names);
        for (var device : wanted.devices()) {
            egress.lead(device, wanted.targets());
        }
        boolean led = is != null
                && is.targets().equals(wanted.targets())
                && is.devices().equals(wanted.devices())
                && table.equals(ingress.shown());
        if (!led) {
            table = ingress.lead(wanted.devices(), wanted.targets());
        }
        stands(wanted);
    }

    private void stands(Setup wanted) {
        standing = wanted;
        checkedNanos = System.nanoTime();
    }

    @Override
    public void remove() throws IOException {
        standing = null;
        var tc = Program.named("tc");
        var ip = Program.named("ip");
        new Ingress(Program.named("nft"), names).leave();
        var egress = new Egress(tc, names);
        for (var device : egress.hooked()) {
            egress.leave(device);
        }
        new Throttle(ip, tc, names.out()).remove();
        new Throttle(ip, tc, names.in()).remove();
    }
}
