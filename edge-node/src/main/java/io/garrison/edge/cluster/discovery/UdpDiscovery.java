package io.garrison.edge.cluster.discovery;

import io.garrison.edge.cluster.discovery.DiscoveryException.Problem;
import io.garrison.edge.state.DiscoverySettings;
import java.io.IOException;
import java.net.BindException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A beacon to the broadcast address of each network, which peers acknowledge. Anybody on the network may send such
 * datagrams, so only addresses of the allowed space are heard and answered, an answer is no longer than its question, and
 * the address is the one that a datagram came from.
 */
final class UdpDiscovery implements DiscoveryProvider {

    private static final Logger log = LoggerFactory.getLogger(UdpDiscovery.class);
    private static final String MAGIC = "garrison-peer-1";
    private static final int LONGEST = 256;
    private static final Duration REMEMBERED = Duration.ofSeconds(90);
    private static final Duration QUIET = Duration.ofMillis(400);
    private static final int MOST = 64;

    private final DiscoverySettings settings;
    private final Self self;
    private final Map<InetSocketAddress, Long> heard = new ConcurrentHashMap<>();
    private volatile @Nullable DatagramSocket ear;
    private volatile boolean closed;

    UdpDiscovery(DiscoverySettings settings, Self self) {
        this.settings = settings;
        this.self = self;
    }

    /** Listens for beacons of others from the first time on. */
    @Override
    public void announce() throws DiscoveryException {
        if (ear != null) {
            return;
        }
        try {
            var socket = new DatagramSocket(null);
            // Several instances of one machine hear the same broadcast.
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(settings.udpPort()));
            ear = socket;
            Thread.ofPlatform().name("udp-discovery").daemon().start(() -> listen(socket));
        } catch (BindException e) {
            throw bindProblem(e);
        } catch (SocketException e) {
            throw failed("cannot listen on UDP port " + settings.udpPort(), e);
        }
    }

    @Override
    public Set<InetSocketAddress> discover() throws DiscoveryException {
        try (var voice = new DatagramSocket()) {
            voice.setBroadcast(true);
            if (send(voice) == 0) {
                throw new DiscoveryException(
                        Problem.UDP_FAILED,
                        "this machine has no address in discovery.allowed-address-space, " + settings.allowed()
                                + ", on a network with broadcast");
            }
            gather(voice);
        } catch (SocketException e) {
            boolean forbidden = String.valueOf(e.getMessage()).contains("ermission");
            throw forbidden
                    ? new DiscoveryException(
                            Problem.UDP_PERMISSION_DENIED,
                            "this machine does not let the beacon out: " + e.getMessage(),
                            e)
                    : failed("the beacon was not sent", e);
        } catch (IOException e) {
            throw failed("the beacon was not sent", e);
        }
        long oldest = System.nanoTime() - REMEMBERED.toNanos();
        heard.values().removeIf(at -> at - oldest < 0);
        return new LinkedHashSet<>(heard.keySet());
    }

    @Override
    public void close() {
        closed = true;
        var socket = ear;
        if (socket != null) {
            socket.close();
        }
    }

    /**
     * A network that takes no beacon takes none from the others.
     *
     * @return to how many networks it went
     * @throws IOException if there are some, and it went to none
     */
    private int send(DatagramSocket voice) throws IOException {
        var beacon = datagram("ask");
        int sent = 0;
        IOException problem = null;
        for (var network : broadcasts()) {
            try {
                voice.send(new DatagramPacket(beacon, beacon.length, network, settings.udpPort()));
                sent++;
            } catch (IOException e) {
                log.debug("No beacon to {}: {}", network.getHostAddress(), e.toString());
                problem = e;
            }
        }
        if (sent == 0 && problem != null) {
            throw problem;
        }
        return sent;
    }

    /** Until nobody has answered for a while, at most for the dial timeout. */
    private void gather(DatagramSocket voice) throws IOException {
        long end = System.nanoTime() + settings.dialTimeout().toNanos();
        long patience = Math.min(QUIET.toMillis(), settings.dialTimeout().toMillis());
        while (System.nanoTime() < end) {
            voice.setSoTimeout((int) patience);
            var packet = new DatagramPacket(new byte[LONGEST], LONGEST);
            try {
                voice.receive(packet);
            } catch (SocketTimeoutException e) {
                return;
            }
            peer(packet, "here").ifPresent(this::remember);
        }
    }

    private void listen(DatagramSocket socket) {
        var answer = datagram("here");
        while (!closed) {
            var packet = new DatagramPacket(new byte[LONGEST], LONGEST);
            try {
                socket.receive(packet);
                var peer = peer(packet, "ask");
                if (peer.isPresent()) {
                    remember(peer.get());
                    socket.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
                }
            } catch (IOException e) {
                if (!closed) {
                    log.debug("A beacon was not answered: {}", e.toString());
                }
            }
        }
    }

    private void remember(InetSocketAddress peer) {
        if (heard.size() < MOST || heard.containsKey(peer)) {
            heard.put(peer, System.nanoTime());
        }
    }

    /** Where peers of the sender go, if it is one and speaks of that. */
    private Optional<InetSocketAddress> peer(DatagramPacket packet, String word) {
        var fields =
                new String(packet.getData(), packet.getOffset(), packet.getLength(), StandardCharsets.UTF_8).split(" ");
        boolean ours = fields.length == 5
                && fields[0].equals(MAGIC)
                && fields[1].equals(word)
                && fields[2].equals(self.serviceName())
                && !fields[3].equals(self.instanceId().toString())
                && fields[4].matches("\\d{1,5}");
        if (!ours) {
            return Optional.empty();
        }
        if (!settings.allowed().contains(packet.getAddress())) {
            log.info(
                    "{} is not in discovery.allowed-address-space",
                    packet.getAddress().getHostAddress());
            return Optional.empty();
        }
        int port = Integer.parseInt(fields[4]);
        return port < 1 || port > 65_535
                ? Optional.empty()
                : Optional.of(new InetSocketAddress(packet.getAddress(), port));
    }

    private byte[] datagram(String word) {
        return String.join(
                        " ",
                        MAGIC,
                        word,
                        self.serviceName(),
                        self.instanceId().toString(),
                        Integer.toString(self.address().getPort()))
                .getBytes(StandardCharsets.UTF_8);
    }

    /** Of the networks that peers may be in, on devices that are up. */
    private Set<InetAddress> broadcasts() throws SocketException {
        var found = new TreeSet<InetAddress>(Comparator.comparing(InetAddress::getHostAddress));
        NetworkInterface.networkInterfaces()
                .filter(UdpDiscovery::isUp)
                .flatMap(device -> device.getInterfaceAddresses().stream())
                .filter(address ->
                        address.getBroadcast() != null && settings.allowed().contains(address.getAddress()))
                .forEach(address -> found.add(address.getBroadcast()));
        return found;
    }

    private static boolean isUp(NetworkInterface device) {
        try {
            return device.isUp();
        } catch (SocketException e) {
            // It is gone.
            return false;
        }
    }

    private DiscoveryException bindProblem(BindException e) {
        boolean forbidden = String.valueOf(e.getMessage()).contains("ermission");
        return forbidden
                ? new DiscoveryException(
                        Problem.UDP_PERMISSION_DENIED,
                        "UDP port " + settings.udpPort() + " is not for this user; one above 1023 is",
                        e)
                : new DiscoveryException(
                        Problem.UDP_PORT_IN_USE,
                        "UDP port " + settings.udpPort() + " belongs to another program: " + e.getMessage(),
                        e);
    }

    private static DiscoveryException failed(String what, IOException e) {
        return new DiscoveryException(Problem.UDP_FAILED, what + ": " + e.getMessage(), e);
    }
}
