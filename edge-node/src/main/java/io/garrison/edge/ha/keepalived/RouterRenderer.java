package io.garrison.edge.ha.keepalived;

import static io.garrison.edge.ha.keepalived.PlanRefusedException.require;

import io.garrison.edge.ha.keepalived.KeepalivedConfig.Block;
import io.garrison.edge.ha.keepalived.KeepalivedConfig.Entry;
import io.garrison.edge.ha.keepalived.KeepalivedConfig.Line;
import io.garrison.protocol.InstancePlan;
import io.garrison.protocol.VirtualRouter;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * One {@code vrrp_instance}.
 *
 * @param field of the router within the plan
 */
record RouterRenderer(
        InstancePlan plan,
        VirtualRouter router,
        String field,
        Timing timing,
        PlanRenderer.Devices devices,
        boolean watched) {

    /** What keepalived takes for one router; the rest moves along without being told in the adverts. */
    private static final int MOST_ADVERTISED = 20;

    private static final int MOST_ADDRESSES = 500;

    Block render() {
        var device = device(router.device(), field + ".device");
        require(router.id() >= 1 && router.id() <= 255, field + ".id", "must be 1 to 255");
        require(router.priority() >= 1 && router.priority() <= 254, field + ".priority", "must be 1 to 254");
        var body = new ArrayList<Entry>();
        body.add(Line.of("state", new Token.Keyword("BACKUP")));
        body.add(Line.of("interface", device));
        body.add(Line.of("virtual_router_id", new Token.Number(router.id())));
        body.add(Line.of("priority", new Token.Number(router.priority())));
        body.addAll(version());
        body.addAll(preemption());
        body.addAll(announcements());
        body.addAll(peers(own(device)));
        body.addAll(addresses(own(device)));
        body.add(Block.of(
                "track_file",
                List.of(
                        new Line(List.of(new Token.Identifier("steer"))),
                        new Line(List.of(Words.steering(router.name()))))));
        if (watched) {
            body.add(Block.of("track_script", List.of(new Line(List.of(new Token.Identifier("dead_man"))))));
        }
        return Block.of("vrrp_instance", Words.router(router.name()), body);
    }

    private List<Entry> version() {
        int version = router.version();
        require(version == 2 || version == 3, field + ".version", "must be 2 or 3");
        var password = router.password();
        var entries = new ArrayList<Entry>();
        entries.add(Line.of("version", new Token.Number(version)));
        if (version == 2) {
            require(
                    timing.advertMs() % 1_000 == 0,
                    "ha.peerCheckIntervalMs",
                    "must be whole seconds for " + field + ", because VRRP version 2 knows no others");
            if (password != null) {
                entries.add(Block.of(
                        "authentication",
                        List.of(
                                Line.of("auth_type", new Token.Keyword("PASS")),
                                Line.of("auth_pass", Words.password(password, field + ".password")))));
            }
        } else {
            require(password == null, field + ".password", "is for VRRP version 2 only");
        }
        entries.add(Line.of("advert_int", new Token.Seconds(timing.advertMs())));
        entries.add(Line.of("down_timer_adverts", new Token.Number(timing.missing())));
        return entries;
    }

    private List<Entry> preemption() {
        if (!router.preempt()) {
            return List.of(Line.of("nopreempt"));
        }
        // Never a standby, be it the primary: it would keep a holder waiting that hands over.
        return PlanRenderer.isPreferred(router)
                ? List.of(Line.of("preempt_delay", new Token.Seconds(timing.delayMs())))
                : List.of();
    }

    private List<Entry> announcements() {
        int repeat = router.gratuitousArpRepeat();
        int refresh = router.gratuitousArpRefreshSeconds();
        require(repeat >= 1 && repeat <= 100, field + ".gratuitousArpRepeat", "must be 1 to 100");
        require(refresh >= 0 && refresh <= 3_600, field + ".gratuitousArpRefreshSeconds", "must be 0 to 3,600");
        return List.of(
                Line.of("garp_master_repeat", new Token.Number(repeat)),
                Line.of("garp_master_refresh", new Token.Number(refresh)));
    }

    /**
     * Where this instance's adverts come from: the address that the plan has for it. Peers hear nothing else, so only one
     * that is alone takes the device's.
     */
    private InetAddress own(Token.Device device) {
        var told = addressesOf(plan.instanceId()::equals).findFirst();
        if (told.isPresent()) {
            return told.get();
        }
        require(
                plan.members().size() < 2,
                "members",
                "have no address of this instance, so no peer would send it adverts, and it would hold what a peer holds;"
                        + " set cluster.address on it to an IPv4 or IPv6 address that its peers reach");
        return devices.firstAddress(device.word())
                .flatMap(Words::literal)
                .orElseThrow(() -> new PlanRefusedException(
                        field + ".device", "has no address that adverts could come from: " + device.word()));
    }

    /** Members that give no address of their own, but a name or nothing yet, are left out: the others go on. */
    private Stream<InetAddress> addressesOf(Predicate<UUID> whose) {
        return plan.members().stream()
                .filter(member -> whose.test(member.instanceId()))
                .flatMap(member -> Optional.ofNullable(member.address()).stream())
                .flatMap(literal -> Words.literal(literal).stream());
    }

    private List<Entry> peers(InetAddress own) {
        var others = addressesOf(member -> !member.equals(plan.instanceId()))
                .distinct()
                .toList();
        var peers = others.stream().filter(address -> isLike(address, own)).toList();
        require(
                others.size() - peers.size() < 2,
                "members",
                "have addresses of both kinds (IPv4 and IPv6), so there would be two groups that do not hear each other;"
                        + " set cluster.address on all to addresses of one kind");
        // Without any peer keepalived would turn to multicast. Adverts to itself reach nobody.
        var told = peers.isEmpty() ? List.of(own) : peers;
        return List.of(
                Line.of("check_unicast_src"),
                Line.of("unicast_src_ip", new Token.Address(own)),
                Block.of(
                        "unicast_peer",
                        told.stream()
                                .map(peer -> new Line(List.of(new Token.Address(peer))))
                                .toList()));
    }

    private List<Entry> addresses(InetAddress own) {
        var all = router.addresses();
        require(!all.isEmpty() && all.size() <= MOST_ADDRESSES, field + ".addresses", "must be 1 to 500");
        var advertised = new ArrayList<Line>();
        var excluded = new ArrayList<Line>();
        for (int i = 0; i < all.size(); i++) {
            var at = field + ".addresses[" + i + "]";
            var address = Words.address(all.get(i).address(), at + ".address");
            int prefix = all.get(i).prefixLength();
            require(
                    prefix >= 1 && prefix <= address.getAddress().length * 8,
                    at + ".prefixLength",
                    "is not one of this kind of address");
            var named = all.get(i).device();
            var device = device(named == null ? router.device() : named, at + ".device");
            var line = new Line(List.of(new Token.Network(address, prefix), new Token.Keyword("dev"), device));
            (isLike(address, own) && advertised.size() < MOST_ADVERTISED ? advertised : excluded).add(line);
        }
        require(
                !advertised.isEmpty(),
                field + ".addresses",
                "must have one of the kind that the members' addresses are (IPv4 or IPv6)");
        var entries = new ArrayList<Entry>();
        entries.add(Block.of("virtual_ipaddress", advertised));
        if (!excluded.isEmpty()) {
            entries.add(Block.of("virtual_ipaddress_excluded", excluded));
        }
        return entries;
    }

    private Token.Device device(String name, String at) {
        var device = Words.device(name, at);
        require(devices.exists(name), at, "names no network device of this machine: " + name);
        return device;
    }

    private static boolean isLike(InetAddress one, InetAddress other) {
        return one.getAddress().length == other.getAddress().length;
    }
}
