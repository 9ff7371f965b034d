package io.garrison.edge.cluster.link;

import java.util.List;
import org.jgroups.protocols.FD_ALL3;
import org.jgroups.protocols.FRAG2;
import org.jgroups.protocols.MERGE3;
import org.jgroups.protocols.TCP;
import org.jgroups.protocols.TCPPING;
import org.jgroups.protocols.TP;
import org.jgroups.protocols.UFC;
import org.jgroups.protocols.UNICAST3;
import org.jgroups.protocols.VERIFY_SUSPECT2;
import org.jgroups.protocols.pbcast.GMS;
import org.jgroups.protocols.pbcast.NAKACK2;
import org.jgroups.protocols.pbcast.STABLE;
import org.jgroups.stack.DiagnosticsHandler;
import org.jgroups.stack.Protocol;

/** JGroups' protocols for few members, small messages and little memory. */
final class LinkStack {

    private static final int LONGEST_MESSAGE = 8 << 20;
    private static final int BUNDLE = 16_000;
    private static final int FRAGMENT = 12_000;
    private static final int BUFFER = 16 << 10;
    private static final long YOUNG_NANOS = 10_000_000_000L;
    private static final int PATIENT_MS = 1_500;
    /** Of life, from every member to every other, within the silence after which it is suspect. */
    private static final int SIGNS = 3;

    private final TCP transport;
    private final FD_ALL3 detector;
    private final VERIFY_SUSPECT2 verify = new VERIFY_SUSPECT2();
    private final List<Protocol> protocols;
    private final int quickMs;
    private volatile long patientUntil;

    LinkStack(Link.Settings settings, PeerSockets sockets) throws Exception {
        quickMs = 2 * settings.beatMs();
        var discovery = new TCPPING();
        discovery.setPortRange(0);
        discovery.returnEntireCache(false);
        // Whoever is asked may hang; the one who asks must not wait for it.
        discovery.asyncDiscovery(true);
        discovery.asyncDiscoveryUseSeparateThread(true);
        var group = new GMS();
        group.setJoinTimeout(500);
        group.setLeaveTimeout(500);
        group.setViewAckCollectionTimeout(500);
        group.printLocalAddress(false);
        verify.setTimeout(PATIENT_MS);
        bePatient();
        detector = new FD_ALL3();
        detector.setInterval(Math.max(1, settings.silenceMs() / SIGNS)).setTimeout(settings.silenceMs());
        transport = transport(settings, sockets);
        protocols = List.of(
                transport,
                discovery,
                new MERGE3().setMinInterval(500).setMaxInterval(2_000),
                new SignsOfLife(detector),
                detector,
                verify,
                new NAKACK2().useMcastXmit(false),
                new UNICAST3(),
                new STABLE().setDesiredAverageGossip(60_000).setMaxBytes(1 << 20),
                group,
                new UFC().setMaxCredits(512 << 10).setMinThreshold(0.4),
                new FRAG2().setFragSize(FRAGMENT));
    }

    List<Protocol> protocols() {
        return protocols;
    }

    /** To be called once the channel is made, which sets up a policy of its own. */
    void hearAtOnce(HeardAtOnce.Kinds light) {
        transport.msgProcessingPolicy().destroy();
        var policy = new HeardAtOnce(detector, light);
        policy.init(transport);
        transport.msgProcessingPolicy(policy);
    }

    /** Somebody is new: virtual machines that have just started may answer late. */
    void bePatient() {
        patientUntil = System.nanoTime() + YOUNG_NANOS;
        verify.setTimeout(Math.max(PATIENT_MS, quickMs));
    }

    /** Called every second or so. */
    void settle() {
        if (System.nanoTime() - patientUntil > 0) {
            verify.setTimeout(quickMs);
        }
    }

    private static TCP transport(Link.Settings settings, PeerSockets sockets) throws Exception {
        var tcp = new TCP();
        tcp.setBindAddress(settings.bind());
        tcp.setBindPort(settings.port());
        tcp.setPortRange(0);
        if (!settings.address().equals(settings.bind())) {
            tcp.setExternalAddr(settings.address());
        }
        tcp.setSocketFactory(sockets);
        tcp.setDiagnosticsHandler(new DiagnosticsHandler().setEnabled(false));
        // A thread for each peer, so that one that takes nothing keeps nobody else waiting.
        var bundler = TP.createBundler("per-destination", TCP.class);
        bundler.setMaxSize(BUNDLE);
        tcp.setBundler(bundler);
        tcp.useVirtualThreads(false);
        tcp.getThreadPool().setMinThreads(0).setMaxThreads(32).setKeepAliveTime(20_000);
        tcp.getThreadPool().setThreadDumpsEnabled(false);
        tcp.setBufferedInputStreamSize(BUFFER).setBufferedOutputStreamSize(BUFFER);
        tcp.logAcceptError(false);
        tcp.setMaxLength(LONGEST_MESSAGE);
        tcp.setSockConnTimeout(settings.dialMs());
        tcp.setPeerAddrReadTimeout(500);
        tcp.tcpNodelay(true);
        tcp.enableSuspectEvents(true);
        return tcp;
    }
}
