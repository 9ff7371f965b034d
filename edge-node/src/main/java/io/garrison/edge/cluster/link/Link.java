package io.garrison.edge.cluster.link;

import io.garrison.edge.join.Identity;
import io.garrison.edge.state.AddressSpace;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jgroups.Address;
import org.jgroups.BytesMessage;
import org.jgroups.JChannel;
import org.jgroups.MergeView;
import org.jgroups.Message;
import org.jgroups.Message.Flag;
import org.jgroups.Receiver;
import org.jgroups.View;
import org.jgroups.protocols.TCPPING;
import org.jgroups.util.ExtendedUUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** This instance's connections to its peers, as a group that knows who is there. Thread-safe. */
public final class Link implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Link.class);
    private static final byte[] INSTANCE = {'i'};

    private final Settings settings;
    private final Listener listener;
    private final Admission admission;
    private final Splits splits = new Splits();
    private final LinkStack stack;
    private final JChannel channel;
    private volatile Map<UUID, Address> present = Map.of();

    /** Told on the threads of the link; must not take long. */
    public interface Listener {

        /** Who is there now, this instance included. */
        void present(Set<UUID> members);

        /**
         * The members had been in parts, and are one again.
         *
         * @param parts by instance
         */
        void healed(List<Set<UUID>> parts);

        void message(UUID from, byte[] message);

        /**
         * Whether a message that was sent once and begins so is heard in no time. The thread that has read it does it then,
         * as to wake another one costs more.
         */
        default boolean isLight(byte kind) {
            return false;
        }
    }

    /**
     * @param group members of another name are strangers, even if they meet
     * @param bind one of this machine's addresses
     * @param address where peers reach that
     * @param silenceMs without a sign of life, after which a peer is suspect
     * @param beatMs between signs of life
     * @param dialMs limit of making a connection
     */
    public record Settings(
            String group,
            UUID self,
            InetAddress bind,
            InetAddress address,
            int port,
            AddressSpace allowed,
            int beatMs,
            int silenceMs,
            int dialMs) {}

    /** @param declared whether management counts an instance among the stack's */
    public Link(Settings settings, Supplier<Identity> identity, Predicate<UUID> declared, Listener listener)
            throws IOException {
        this.settings = settings;
        this.listener = listener;
        this.admission = new Admission(new PeerTls(identity, declared), settings.allowed(), 2 * settings.beatMs());
        try {
            stack = new LinkStack(settings, new PeerSockets(admission));
            channel = new JChannel(stack.protocols());
            stack.hearAtOnce(listener::isLight);
        } catch (Exception e) {
            throw new IOException("the connection to the peers cannot be set up", e);
        }
        channel.setDiscardOwnMessages(true);
        channel.addAddressGenerator(
                () -> ExtendedUUID.randomUUID(settings.self().toString()).put(INSTANCE, bytes(settings.self())));
        channel.setReceiver(new Incoming());
    }

    /**
     * Listens, and joins whom it finds; alone if there is nobody. Others are found later by themselves.
     *
     * @throws IOException if the port can't be had
     */
    public void connect(Collection<InetSocketAddress> hosts) throws IOException {
        hosts(hosts);
        try {
            channel.connect(settings.group());
        } catch (Exception e) {
            channel.close();
            var cause = e.getCause() == null ? e : e.getCause();
            throw new IOException(
                    "no link to peers on " + settings.bind().getHostAddress() + ":" + settings.port() + ": "
                            + cause.getMessage(),
                    e);
        }
    }

    /** Where peers may be from now on. Those that are there and declared stay, whether they are among these or not. */
    public void hosts(Collection<InetSocketAddress> hosts) {
        TCPPING discovery = channel.getProtocolStack().findProtocol(TCPPING.class);
        discovery.setInitialHosts(hosts.isEmpty() ? List.of(own()) : hosts);
    }

    /** Called every second or so. Closes what connects it with instances that are not declared any more. */
    public void tend() {
        stack.settle();
        admission.closeUndeclared();
    }

    public Set<UUID> present() {
        return present.keySet();
    }

    /** How often members were found in parts. */
    public long splits() {
        return splits.count();
    }

    /** Connections that were not let in, or not made. */
    public long refusals() {
        return admission.refusals();
    }

    /** Sends in order and until it arrives, as long as the member is there. @return false if it is not */
    public boolean send(UUID to, byte[] message) {
        var address = present.get(to);
        return address != null && send(new BytesMessage(address, message).setFlag(Flag.OOB));
    }

    /**
     * Sends once, whatever comes of it. To all others it goes one by one, each in its own queue: a peer that takes nothing
     * must not keep the rest waiting.
     *
     * @param to absent for all others
     */
    public void sendOnce(@Nullable UUID to, byte[] message) {
        present.forEach((member, address) -> {
            if (to == null ? !member.equals(settings.self()) : member.equals(to)) {
                boolean unused =
                        send(new BytesMessage(address, message).setFlag(Flag.OOB, Flag.NO_RELIABILITY, Flag.NO_FC));
            }
        });
    }

    /** Leaves, so that nobody has to suspect anything. */
    @Override
    public void close() {
        channel.close();
    }

    private boolean send(Message message) {
        try {
            channel.send(message);
            return true;
        } catch (Exception e) {
            log.debug("Not sent: {}", e.toString());
            return false;
        }
    }

    private InetSocketAddress own() {
        return new InetSocketAddress(settings.address(), settings.port());
    }

    private final class Incoming implements Receiver {
        @Override
        public void viewAccepted(View view) {
            var members = new LinkedHashMap<UUID, Address>();
            for (var address : view.getMembers()) {
                var instance = instanceOf(address);
                if (instance != null) {
                    members.put(instance, address);
                }
            }
            present = Map.copyOf(members);
            stack.bePatient();
            boolean healed = view instanceof MergeView merge && splits.heals(merge);
            splits.seen(view);
            listener.present(members.keySet());
            if (healed) {
                listener.healed(((MergeView) view)
                        .getSubgroups().stream().map(Link::instancesOf).toList());
            }
        }

        @Override
        public void receive(Message message) {
            var from = instanceOf(message.getSrc());
            if (from != null && message.hasArray()) {
                listener.message(
                        from,
                        Arrays.copyOfRange(
                                message.getArray(), message.getOffset(), message.getOffset() + message.getLength()));
            }
        }
    }

    private static Set<UUID> instancesOf(View view) {
        var instances = new LinkedHashSet<UUID>();
        for (var address : view.getMembers()) {
            var instance = instanceOf(address);
            if (instance != null) {
                instances.add(instance);
            }
        }
        return instances;
    }

    private static @Nullable UUID instanceOf(Address address) {
        var bytes = address instanceof ExtendedUUID extended ? extended.get(INSTANCE) : null;
        if (bytes == null || bytes.length != 16) {
            return null;
        }
        var both = ByteBuffer.wrap(bytes);
        return new UUID(both.getLong(), both.getLong());
    }

    private static byte[] bytes(UUID id) {
        return ByteBuffer.allocate(16)
                .putLong(id.getMostSignificantBits())
                .putLong(id.getLeastSignificantBits())
                .array();
    }
}
