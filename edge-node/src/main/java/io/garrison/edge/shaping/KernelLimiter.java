package io.garrison.edge.shaping;

import io.garrison.edge.meter.ByteCounters.Endpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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

    /** Of this process's network namespace, also where /sys shows another one's. */
    private static final Path OWN_DEVICES = Path.of("/proc/net/dev");

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
        if (wanted.equals(is) && System.nanoTime() - checkedNanos < CHECK_NANOS && isWhole(wanted)) {
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
        boolean anew = new Throttle(ip, tc, names.in()).pass(wanted.bps());
        var egress = new Egress(tc, names);
        for (var device : wanted.devices()) {
            egress.lead(device, wanted.targets());
        }
        boolean led = is != null
                && !anew
                && is.targets().equals(wanted.targets())
                && is.devices().equals(wanted.devices())
                && table.equals(ingress.shown());
        if (!led) {
            table = ingress.lead(wanted.devices(), wanted.targets());
        }
        stands(wanted);
    }

    /** Looked at each time, because all that is led to a device which somebody has deleted is dropped. */
    private boolean isWhole(Setup setup) throws IOException {
        if (setup.targets().isEmpty()) {
            return true;
        }
        var devices = Files.readString(OWN_DEVICES);
        return devices.contains(names.out() + ":") && devices.contains(names.in() + ":");
    }

    private void stands(Setup wanted) {
        standing = wanted;
        checkedNanos = System.nanoTime();
    }

    @Override
    public void remove() throws IOException {
        standing = null;
        try {
            leaveEgress();
        } finally {
            // What is left of one direction is no reason to hold up the other.
            leaveIngress();
        }
    }

    /** The device goes last: what still led to it would be dropped. */
    private void leaveEgress() throws IOException {
        var tc = Program.named("tc");
        var egress = new Egress(tc, names);
        for (var device : egress.hooked()) {
            egress.leave(device);
        }
        new Throttle(Program.named("ip"), tc, names.out()).remove();
    }

    private void leaveIngress() throws IOException {
        new Ingress(Program.named("nft"), names).leave();
        new Throttle(Program.named("ip"), Program.named("tc"), names.in()).remove();
    }
}
