package io.garrison.edge.ha.keepalived;

import static io.garrison.edge.ha.keepalived.PlanRefusedException.require;

import io.garrison.edge.ha.keepalived.KeepalivedConfig.Block;
import io.garrison.edge.ha.keepalived.KeepalivedConfig.Entry;
import io.garrison.edge.ha.keepalived.KeepalivedConfig.Line;
import io.garrison.protocol.InstancePlan;
import io.garrison.protocol.VirtualRouter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/** Says in keepalived's language what a plan wants of this instance. */
public final class PlanRenderer {

    private static final int MOST_ROUTERS = 255;

    /** Whoever has more than this is meant to hold the addresses as long as it is well. */
    private static final int PRIORITY_OF_STANDBY = 100;

    private final HaFiles files;
    private final Devices devices;
    private final Optional<Path> pgrep;

    /** The network devices of this machine. */
    public interface Devices {
        boolean exists(String device);

        /** The first address of a device that is routed, as text; empty if there is none. */
        Optional<String> firstAddress(String device);
    }

    /** @param pgrep of procps; without it nobody watches HAProxy while no agent runs */
    public PlanRenderer(HaFiles files, Devices devices, Optional<Path> pgrep) {
        this.files = files;
        this.devices = devices;
        this.pgrep = pgrep;
    }

    /** Whether this instance is meant to hold the router's addresses as long as it is well. */
    public static boolean isPreferred(VirtualRouter router) {
        return router.priority() > PRIORITY_OF_STANDBY;
    }

    /**
     * @return the file's content
     * @throws PlanRefusedException if the plan says what can't be followed, naming the field
     */
    public String render(InstancePlan plan) {
        var config = config(plan);
        var file = Encoder.encode(config);
        Rereading.requireSame(file, config);
        return file;
    }

    KeepalivedConfig config(InstancePlan plan) {
        require(plan.routers().size() <= MOST_ROUTERS, "routers", "are more than 255");
        var timing = Timing.of(plan.ha());
        var blocks = new ArrayList<Block>();
        blocks.add(Block.of(
                "global_defs",
                List.of(
                        Line.of("script_user", new Token.Identifier(scriptUser())),
                        Line.of("enable_script_security"),
                        Line.of("vrrp_notify_fifo", Words.path(files.notifications())),
                        // Never vrrp_rt_priority: the kernel kills the process that then exceeds RLIMIT_RTTIME.
                        Line.of("vrrp_priority", new Token.Number(-20)))));
        blocks.add(steering(new Token.Identifier("steer"), files.steering()));
        pgrep.ifPresent(program -> blocks.add(deadMan(program)));
        var names = new HashSet<String>();
        var ids = new HashSet<String>();
        for (int i = 0; i < plan.routers().size(); i++) {
            var router = plan.routers().get(i);
            var field = "routers[" + i + "]";
            require(router.name().matches("[a-z0-9-]{1,32}"), field + ".name", "must be 1 to 32 of a–z, 0–9 and -");
            require(names.add(router.name()), field + ".name", "is another router's name as well");
            require(ids.add(router.id() + " " + router.device()), field + ".id", "is another router's as well");
            blocks.add(steering(Words.steering(router.name()), files.steering(router.name())));
            var block = new RouterRenderer(plan, router, field, timing, devices, pgrep.isPresent()).render();
            require(
                    plan.members().size() < 2 || Adverts.of(block).reachOthers(),
                    "members",
                    "have no address that adverts of " + field + " could reach; two would hold what one should");
            blocks.add(block);
        }
        return new KeepalivedConfig(blocks);
    }

    private static Block steering(Token.Identifier name, Path file) {
        return Block.of(
                "track_file", name, List.of(Line.of("file", Words.path(file)), Line.of("weight", new Token.Number(1))));
    }

    /** Only root may start scripts as somebody else than itself. */
    private static String scriptUser() {
        var user = System.getProperty("user.name");
        return user.matches("[a-z_]{2,16}") ? user : "root";
    }

    /**
     * For the time without an agent: who has no HAProxy leaves the addresses to a peer that has one. Only a weight, so
     * that the last one goes on.
     */
    private Block deadMan(Path program) {
        var command =
                Words.path(program).word() + " -F " + Words.path(files.alive()).word();
        List<Entry> body = List.of(
                Line.of("script", new Token.Quoted(command)),
                Line.of("interval", new Token.Number(1)),
                Line.of("timeout", new Token.Number(1)),
                Line.of("rise", new Token.Number(1)),
                Line.of("fall", new Token.Number(2)),
                Line.of("weight", new Token.Number(-100)));
        return Block.of("vrrp_script", new Token.Identifier("dead_man"), body);
    }
}
