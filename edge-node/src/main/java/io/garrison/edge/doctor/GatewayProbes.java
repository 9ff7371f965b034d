package io.garrison.edge.doctor;

import io.garrison.edge.join.Identity;
import io.garrison.edge.sync.MutualTls;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLHandshakeException;

/** Whether management's gateway is found, answers, and is who the enrolment said; and what time it has. */
final class GatewayProbes {

    private static final int PATIENCE_MS = 5_000;

    /** What the agent asks as well: it shows whether the gateway takes this instance for one of its own. */
    private static final String QUESTION = "/edge/v1/desired?waitSeconds=0";

    /** What leases and certificates of 24 hours bear. */
    private static final Duration MOST_SKEW = Duration.ofMinutes(5);

    private final Identity identity;
    private final Clock clock;
    private final List<Finding> findings = new ArrayList<>();

    GatewayProbes(Identity identity, Clock clock) {
        this.identity = identity;
        this.clock = clock;
    }

    List<Finding> look() {
        var gateway = identity.gateway();
        var host = gateway.getHost().replaceAll("[\\[\\]]", "");
        int port = gateway.getPort() < 0 ? 443 : gateway.getPort();
        if (!name(host) || !port(host, port)) {
            findings.add(Finding.skipped(Layer.GATEWAY, "gateway.tls", "it is not reached"));
            return findings;
        }
        tls();
        return findings;
    }

    private boolean name(String host) {
        try {
            findings.add(Finding.good(
                    Layer.GATEWAY,
                    "gateway.name",
                    host + " is " + InetAddress.getByName(host).getHostAddress()));
            return true;
        } catch (UnknownHostException e) {
            findings.add(Finding.bad(
                    Layer.GATEWAY,
                    "gateway.name",
                    "there is no address for " + host,
                    "Look at /etc/resolv.conf and ask the name server: getent hosts " + host));
            return false;
        }
    }

    private boolean port(String host, int port) {
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(host, port), PATIENCE_MS);
            findings.add(Finding.good(Layer.GATEWAY, "gateway.port", host + " takes connections at port " + port));
            return true;
        } catch (ConnectException e) {
            findings.add(Finding.bad(
                    Layer.GATEWAY,
                    "gateway.port",
                    host + " refuses connections at port " + port,
                    "Is management up, and is this its edge port? A firewall may answer in its place."));
        } catch (IOException e) {
            findings.add(Finding.bad(
                    Layer.GATEWAY,
                    "gateway.port",
                    host + " does not answer at port " + port + ": " + e.getMessage(),
                    "Let this machine open connections to it: route, firewall, security group."));
        }
        return false;
    }

    private void tls() {
        try {
            var connection = (HttpsURLConnection)
                    identity.gateway().resolve(QUESTION).toURL().openConnection();
            connection.setSSLSocketFactory(MutualTls.contextOf(identity).getSocketFactory());
            connection.setConnectTimeout(PATIENCE_MS);
            connection.setReadTimeout(PATIENCE_MS);
            connection.setInstanceFollowRedirects(false);
            try {
                int status = connection.getResponseCode();
                findings.add(Finding.good(Layer.GATEWAY, "gateway.tls", "mutual TLS works"));
                findings.add(admission(status));
                time(connection.getHeaderFieldDate("Date", 0));
            } finally {
                connection.disconnect();
            }
        } catch (IOException e) {
            refused(e);
        }
    }

    private static Finding admission(int status) {
        if (status == 401 || status == 403) {
            return Finding.bad(
                    Layer.GATEWAY,
                    "gateway.admission",
                    "it does not take this instance's certificate any more",
                    "Look at the instance in the console: it may be quarantined or decommissioned; a new one joins with a new token.");
        }
        return status < 400
                ? Finding.good(Layer.GATEWAY, "gateway.admission", "it knows this instance")
                : Finding.bad(
                        Layer.GATEWAY,
                        "gateway.admission",
                        "it answers " + status,
                        "Look at management's log and its database.");
    }

    private void time(long theirs) {
        if (theirs == 0) {
            findings.add(Finding.skipped(Layer.CLOCK, "clock.gateway", "the gateway does not say its time"));
            return;
        }
        var skew = Duration.between(Instant.ofEpochMilli(theirs), clock.instant());
        findings.add(
                skew.abs().compareTo(MOST_SKEW) <= 0
                        ? Finding.good(
                                Layer.CLOCK,
                                "clock.gateway",
                                "within " + MOST_SKEW.toMinutes() + " minutes of management's")
                        : Finding.bad(
                                Layer.CLOCK,
                                "clock.gateway",
                                "this machine's time is " + skew.abs().toMinutes() + " minutes "
                                        + (skew.isNegative() ? "behind" : "ahead of") + " management's",
                                "Set the clock and keep it by NTP: timedatectl set-ntp true"));
    }

    private void refused(IOException problem) {
        for (Throwable cause = problem; cause != null; cause = cause.getCause()) {
            if (cause instanceof CertificateExpiredException || cause instanceof CertificateNotYetValidException) {
                findings.add(Finding.bad(
                        Layer.CLOCK,
                        "clock.gateway",
                        "by this machine's time the gateway's certificate is not valid: " + cause.getMessage(),
                        "Compare the clocks of this machine and of management."));
                return;
            }
        }
        findings.add(Finding.bad(
                Layer.GATEWAY,
                "gateway.tls",
                "mutual TLS fails: " + problem.getMessage(),
                problem instanceof SSLHandshakeException
                        ? "Something between may end TLS in its place; else the installation is another one: join again with --force."
                        : "Look at management's log, and whether something between ends connections."));
    }
}
