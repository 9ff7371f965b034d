package io.garrison.edge.cluster.discovery;

import io.garrison.edge.cluster.discovery.DiscoveryException.Problem;
import io.garrison.edge.state.DiscoverySettings;
import io.garrison.edge.state.HostPort;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Hashtable;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import javax.naming.Context;
import javax.naming.NameNotFoundException;
import javax.naming.NamingException;
import javax.naming.directory.InitialDirContext;

/**
 * Address records of names, or service records (RFC 2782) of names that begin with an underscore. All names are asked for,
 * and all targets of service records; one that does not exist is only told of if none of the others does.
 */
@SuppressWarnings("BanJNDI") // the provider for DNS gives texts; nothing here makes objects of them
final class DnsDiscovery implements DiscoveryProvider {

    private final DiscoverySettings settings;
    private final List<HostPort> servers;

    /** @param servers to ask; empty for those of the system */
    DnsDiscovery(DiscoverySettings settings, List<HostPort> servers) {
        this.settings = settings;
        this.servers = servers;
    }

    @Override
    public Set<InetSocketAddress> discover() throws DiscoveryException {
        var found = new LinkedHashSet<InetSocketAddress>();
        NamingException missing = null;
        try {
            var dns = new InitialDirContext(environment());
            try {
                for (var name : settings.dnsNames()) {
                    try {
                        look(dns, name, found);
                    } catch (NameNotFoundException e) {
                        missing = e;
                    }
                }
            } finally {
                dns.close();
            }
        } catch (NamingException e) {
            throw failed(e);
        } catch (IllegalArgumentException e) {
            throw new DiscoveryException(
                    Problem.ANSWER_NOT_UNDERSTOOD,
                    "a record of " + String.join(", ", settings.dnsNames()) + " is no address: " + e.getMessage(),
                    e);
        }
        if (found.isEmpty() && missing != null) {
            throw failed(missing);
        }
        return found;
    }

    @Override
    public void close() {}

    private void look(InitialDirContext dns, String name, Set<InetSocketAddress> found) throws NamingException {
        if (!name.startsWith("_")) {
            for (var address : addresses(dns, name)) {
                found.add(new InetSocketAddress(address, settings.bindPort()));
            }
            return;
        }
        NameNotFoundException missing = null;
        for (var record : records(dns, name, "SRV")) {
            // priority, weight, port, target
            var fields = record.split(" ");
            if (fields.length == 4 && !fields[3].equals(".")) {
                try {
                    for (var address : addresses(dns, fields[3])) {
                        found.add(new InetSocketAddress(address, Integer.parseInt(fields[2])));
                    }
                } catch (NameNotFoundException e) {
                    missing = e;
                }
            }
        }
        if (missing != null && found.isEmpty()) {
            throw missing;
        }
    }

    private static List<InetAddress> addresses(InitialDirContext dns, String name) throws NamingException {
        var found = new ArrayList<InetAddress>();
        for (var type : new String[] {"A", "AAAA"}) {
            for (var record : records(dns, name, type)) {
                found.add(InetAddress.ofLiteral(record));
            }
        }
        return found;
    }

    private static List<String> records(InitialDirContext dns, String name, String type) throws NamingException {
        // A final dot makes the name absolute, so that no search domain is tried.
        var attribute = dns.getAttributes(name.endsWith(".") ? name : name + ".", new String[] {type})
                .get(type);
        var records = new ArrayList<String>();
        for (int i = 0; attribute != null && i < attribute.size(); i++) {
            records.add(String.valueOf(attribute.get(i)));
        }
        return records;
    }

    @SuppressWarnings("JdkObsolete") // JNDI takes nothing else
    private Hashtable<String, String> environment() {
        var environment = new Hashtable<String, String>();
        environment.put(Context.INITIAL_CONTEXT_FACTORY, "com.sun.jndi.dns.DnsContextFactory");
        environment.put(
                Context.PROVIDER_URL,
                servers.isEmpty()
                        ? "dns:"
                        : servers.stream().map(server -> "dns://" + server).collect(Collectors.joining(" ")));
        // Twice, and the second time for twice as long: together the dial timeout.
        environment.put(
                "com.sun.jndi.dns.timeout.initial",
                Long.toString(Math.max(1, settings.dialTimeout().toMillis() / 3)));
        environment.put("com.sun.jndi.dns.timeout.retries", "2");
        return environment;
    }

    private DiscoveryException failed(NamingException e) {
        var names = String.join(", ", settings.dnsNames());
        return new DiscoveryException(
                Problem.DNS_LOOKUP_FAILED, "no addresses for " + names + ": " + e.getMessage(), e);
    }
}
