package io.garrison.edge.cli;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the service manager how far the agent is, as sd_notify(3) does: a datagram to the socket that NOTIFY_SOCKET
 * names. The JDK has no datagrams on unix sockets, so the C library sends it. Without such a socket nothing is done.
 */
final class ServiceNotice {

    private static final Logger log = LoggerFactory.getLogger(ServiceNotice.class);

    private static final short AF_UNIX = 1;
    private static final int SOCK_DGRAM = 2;
    private static final int SOCK_CLOEXEC = 0x8_0000;
    private static final int MSG_NOSIGNAL = 0x4000;

    /** sun_path of Linux's sockaddr_un. */
    private static final int LONGEST_PATH = 108;

    private final String socket;

    private ServiceNotice(String socket) {
        this.socket = socket;
    }

    static ServiceNotice of(Map<String, String> environment) {
        return new ServiceNotice(environment.getOrDefault("NOTIFY_SOCKET", ""));
    }

    void ready() {
        tell("READY=1");
    }

    void stopping() {
        tell("STOPPING=1");
    }

    private void tell(String state) {
        if (socket.isEmpty()) {
            return;
        }
        try {
            if (!sent(state.getBytes(StandardCharsets.UTF_8))) {
                log.warn("The service manager does not take notices at {}", socket);
            }
        } catch (Throwable e) {
            // The agent serves without: whoever started it waits until its time is over, and says so.
            log.warn("The service manager is not told: {}", e.toString());
        }
    }

    private boolean sent(byte[] message) throws Throwable {
        var path = socket.getBytes(StandardCharsets.UTF_8);
        if (path.length >= LONGEST_PATH || (path[0] != '/' && path[0] != '@')) {
            return false;
        }
        if (path[0] == '@') {
            // a name without a file, which the kernel marks by a zero byte
            path[0] = 0;
        }
        try (var memory = Arena.ofConfined()) {
            var address = memory.allocate(Short.BYTES + LONGEST_PATH);
            address.set(ValueLayout.JAVA_SHORT, 0, AF_UNIX);
            MemorySegment.copy(path, 0, address, ValueLayout.JAVA_BYTE, Short.BYTES, path.length);
            var text = memory.allocateFrom(ValueLayout.JAVA_BYTE, message);
            int descriptor = (int) function("socket", "iii").invokeExact((int) AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
            if (descriptor < 0) {
                return false;
            }
            try {
                long length = (long) function("sendto", "ialiai")
                        .invokeExact(
                                descriptor,
                                text,
                                (long) message.length,
                                MSG_NOSIGNAL,
                                address,
                                Short.BYTES + path.length);
                return length == message.length;
            } finally {
                int ignored = (int) function("close", "i").invokeExact(descriptor);
            }
        }
    }

    /** @param types of the arguments: i for int, l for long, a for address; sendto answers a long, the others an int */
    private static MethodHandle function(String name, String types) {
        var linker = Linker.nativeLinker();
        var result = name.equals("sendto") ? ValueLayout.JAVA_LONG : ValueLayout.JAVA_INT;
        var arguments = types.chars()
                .mapToObj(type -> switch (type) {
                    case 'i' -> ValueLayout.JAVA_INT;
                    case 'l' -> ValueLayout.JAVA_LONG;
                    default -> ValueLayout.ADDRESS;
                })
                .toArray(java.lang.foreign.MemoryLayout[]::new);
        return linker.downcallHandle(
                linker.defaultLookup().find(name).orElseThrow(), FunctionDescriptor.of(result, arguments));
    }
}
