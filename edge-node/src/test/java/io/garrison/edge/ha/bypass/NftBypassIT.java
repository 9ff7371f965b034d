package io.garrison.edge.ha.bypass;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.garrison.edge.ha.bypass.BypassPort.Member;
import io.garrison.edge.ha.bypass.BypassPort.Passage;
import io.garrison.edge.ha.kernel.Commands;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** HA-07: what the bypass of the kernel does to a machine, on one that is thrown away. */
class NftBypassIT {

    @TempDir
    Path directory;

    @Test
    void passesOnlyWhatItCanAndForwardsOnlyAsLongAsItMust() throws Exception {
        assumeTrue("root".equals(System.getProperty("user.name")), "network namespaces need root");
        assumeTrue(Files.isExecutable(Path.of("/usr/sbin/nft")), "nft is not installed");
        var process = new ProcessBuilder(
                        "unshare",
                        "--net",
                        System.getProperty("java.home") + "/bin/java",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Machine.class.getName(),
                        directory.toString())
                .redirectErrorStream(true)
                .start();
        try {
            var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(said.lines().filter(line -> !line.contains(" WARN ")))
                    .as(said)
                    .containsExactly(
                            "nothing to pass: refused",
                            "passed [shop], left [everywhere]",
                            "forwards 1, guarded true",
                            "after another agent engaged again 1, guarded true",
                            "released while another instance passes 1, guarded true",
                            "with nothing to pass: left [shop], redirects false",
                            "released by all 0",
                            "somebody else's stays 1",
                            "flushed ENGAGED, then OFF",
                            "engaged again forwards 1, guarded true, ENGAGED",
                            "engaged again with nothing to pass 1, guarded true",
                            "flushed and released 0",
                            "of another run of the machine 1",
                            "told by a router: accept_ra 1, a default route",
                            "a router itself: accept_ra 1, no default route",
                            "told again: accept_ra 1, a default route",
                            "while the bypass forwards: accept_ra 2, a default route",
                            "released: accept_ra 1, a default route");
        } finally {
            process.destroyForcibly();
        }
    }

    /** One machine with two instances. */
    static final class Machine {

        private static final Path FORWARD = Path.of("/proc/sys/net/ipv4/ip_forward");
        private static final Path DEVICES = Path.of("/proc/sys/net/ipv6/conf");
        private static final UUID A = new UUID(1, 1);
        private static final UUID B = new UUID(1, 2);
        private static final List<Member> MEMBERS = List.of(new Member("198.51.100.1", 8_080));
        private static final Passage SHOP = new Passage("shop", "192.0.2.1", 80, MEMBERS);
        private static final Passage EVERYWHERE = new Passage("everywhere", "0.0.0.0", 81, MEMBERS);

        private final Path directory;

        private Machine(Path directory) {
            this.directory = directory;
        }

        public static void main(String[] arguments) throws Exception {
            var machine = new Machine(Path.of(arguments[0]));
            machine.twoInstances();
            machine.flushed();
            machine.toldByARouter();
        }

        /** Of an agent that has just started. */
        private NftBypass bypass(UUID instance) {
            return new NftBypass(instance, false, directory.resolve(instance.toString()));
        }

        private void twoInstances() throws IOException {
            Files.writeString(FORWARD, "0\n");
            var one = bypass(A);
            try {
                one.engage(List.of(EVERYWHERE));
            } catch (IOException e) {
                say("nothing to pass: refused");
            }
            var engaged = one.engage(List.of(SHOP, EVERYWHERE));
            say("passed " + engaged.passed() + ", left " + engaged.left());
            say("forwards " + forwards());
            bypass(A).engage(List.of(SHOP));
            say("after another agent engaged again " + forwards());

            var two = bypass(B);
            two.engage(List.of(SHOP));
            bypass(A).release();
            say("released while another instance passes " + forwards());
            var nothing = two.engage(List.of(new Passage("shop", "192.0.2.1", 80, List.of())));
            say("with nothing to pass: left " + nothing.left() + ", redirects " + rules().contains("dnat ip to"));
            two.release();
            say("released by all " + Files.readString(FORWARD).strip());

            Files.writeString(FORWARD, "1\n");
            one.engage(List.of(SHOP));
            one.release();
            say("somebody else's stays " + Files.readString(FORWARD).strip());
        }

        /** As a reload of a firewall's rules does. */
        private void flushed() throws Exception {
            Files.writeString(FORWARD, "0\n");
            var one = bypass(A);
            one.engage(List.of(SHOP));
            flush();
            var before = one.state();
            TimeUnit.SECONDS.sleep(4);
            say("flushed " + before + ", then " + one.state());
            one.engage(List.of(SHOP));
            say("engaged again forwards " + forwards() + ", " + one.state());
            flush();
            bypass(A).engage(List.of(new Passage("shop", "192.0.2.1", 80, List.of())));
            say("engaged again with nothing to pass " + forwards());
            flush();
            bypass(A).release();
            say("flushed and released " + Files.readString(FORWARD).strip());

            one.engage(List.of(SHOP));
            flush();
            var file = directory.resolve(A.toString());
            Files.writeString(file, Files.readString(file).replaceFirst("^.", "-"));
            bypass(A).release();
            say("of another run of the machine " + Files.readString(FORWARD).strip());
        }

        private static void flush() throws IOException {
            run("/usr/sbin/nft", "flush", "ruleset");
        }

        /** The router is at the other end of a cable; the kernel adds the checksum of what it says. */
        private void toldByARouter() throws Exception {
            run("ip", "link", "add", "e0", "type", "veth", "peer", "name", "r0");
            Files.writeString(DEVICES.resolve("e0/accept_ra_from_local"), "1\n");
            run("ip", "link", "set", "r0", "up");
            run("ip", "link", "set", "e0", "up");
            for (int i = 0; i < 100 && !mayBeUsed("r0"); i++) {
                TimeUnit.MILLISECONDS.sleep(100);
            }
            advertise();
            say("told by a router: " + ofRouters());
            Forwarding.IPV6.set(true);
            say("a router itself: " + ofRouters());
            Forwarding.IPV6.set(false);
            advertise();
            say("told again: " + ofRouters());
            var bypass = bypass(A);
            bypass.engage(List.of(new Passage("shop", "2001:db8::1", 80, List.of(new Member("2001:db8:1::1", 80)))));
            say("while the bypass forwards: " + ofRouters());
            bypass.release();
            say("released: " + ofRouters());
        }

        /** Its own address is nobody else's. */
        private static boolean mayBeUsed(String device) throws IOException {
            return run("ip", "-6", "addr", "show", "dev", device, "scope", "link", "-tentative")
                    .contains("fe80:");
        }

        private static void advertise() throws IOException {
            run("perl", "-e", """
                use Socket qw(:all);
                socket(my $s, AF_INET6, SOCK_RAW, 58) or die $!;
                my ($device) = `ip -o link show r0` =~ /^(\\d+)/;
                setsockopt($s, 41, 18, pack("i", 255)) or die $!;
                setsockopt($s, 41, 17, pack("i", $device)) or die $!;
                my $advert = pack("CCnCCnNN", 134, 0, 0, 64, 0, 1800, 0, 0);
                send($s, $advert, 0, pack_sockaddr_in6(0, inet_pton(AF_INET6, "ff02::1"), $device)) or die $!;
                """);
        }

        private static String ofRouters() throws Exception {
            TimeUnit.MILLISECONDS.sleep(500);
            var accepts = Files.readString(DEVICES.resolve("e0/accept_ra"));
            boolean route = run("ip", "-6", "route", "show", "default").contains("dev e0");
            return "accept_ra " + accepts.strip() + (route ? ", a default route" : ", no default route");
        }

        private static String run(String... words) throws IOException {
            return Commands.run(List.of(words), "");
        }

        private static String forwards() throws IOException {
            boolean guarded = rules().contains("meta nfproto ipv4 ct status dnat accept\n\t\tmeta nfproto ipv4 drop");
            return Files.readString(FORWARD).strip() + ", guarded " + guarded;
        }

        private static String rules() throws IOException {
            return Commands.run(List.of("/usr/sbin/nft", "list", "ruleset"), "");
        }

        private static void say(String words) {
            System.out.println(words);
        }
    }
}
