package io.garrison.instances;

import io.garrison.instances.HighAvailability.LeftOut;
import io.garrison.instances.availability.RouterSettings;
import io.garrison.instances.policy.Address;
import io.garrison.tenancy.CurrentTenant;
import io.garrison.tenancy.Refusal.FieldError;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Keeps numbers and addresses of virtual routers to one holder in each network, across all tenants (HA-00g). The database
 * refuses the second by an index; which row was in the way can't be seen from here, so nobody can be told.
 */
@Component
class NetworkClaims {

    static final String ROUTER_TAKEN = "ha.router-id-taken";

    private final JdbcClient jdbc;

    NetworkClaims(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    private record Claim(String network, String kind, String claimed) implements Comparable<Claim> {

        @Override
        public int compareTo(Claim other) {
            return key().compareTo(other.key());
        }

        private String key() {
            return network + "/" + kind + "/" + claimed;
        }
    }

    /**
     * Makes what the stack holds what these routers need, and lets it keep what it held before while an instance may have
     * that on, which has not heard of a change. Works in the caller's transaction; two that want the same come
     * one after the other.
     *
     * @param routers that hold by themselves: no number and no address twice
     * @throws HaException.Taken with the first of each router that another stack holds: whoever asks for many learns little
     */
    void hold(StackId stack, List<RouterSettings> routers) {
        var wanted = wanted(routers);
        var held = held(stack);
        lock(wanted, held);
        if (!mayHaveAnyOn(stack)) {
            held.stream().filter(claim -> !wanted.contains(claim)).forEach(claim -> release(stack, claim));
        }
        var taken = new ArrayList<FieldError>();
        for (int at = 0; at < routers.size(); at++) {
            wanted(routers.get(at), "/routers/" + at).entrySet().stream()
                    .filter(each -> !held.contains(each.getKey()) && !claim(stack, each.getKey()))
                    .findFirst()
                    .ifPresent(each -> taken.add(taken(each.getKey(), each.getValue())));
        }
        if (!taken.isEmpty()) {
            throw new HaException.Taken(taken);
        }
    }

    /** Whether an instance of the stack may hold addresses: by a plan, or because it is out and not gone. */
    private boolean mayHaveAnyOn(StackId stack) {
        return jdbc.sql("""
                        select exists (select 1 from instances.instance i
                          left join instances.instance_availability a
                            on a.tenant_id = i.tenant_id and a.instance_id = i.id
                         where i.stack_id = ? and (i.lifecycle = 'QUARANTINED'
                            or i.lifecycle <> 'RETIRED' and a.plan_number > 0))""").param(stack.value()).query(Boolean.class).single();
    }

    /**
     * The routers that the stack may use. What nobody holds yet it holds from then on: a stack that was set up before it
     * had an instance held nothing.
     *
     * @param current whether the routers are still what is set; asked when nobody can change what is held
     */
    List<RouterSettings> usable(StackId stack, List<RouterSettings> routers, BooleanSupplier current) {
        if (held(stack).containsAll(wanted(routers))) {
            return routers;
        }
        lock(wanted(routers), Set.of());
        if (!current.getAsBoolean()) {
            return List.of();
        }
        var held = held(stack);
        return routers.stream()
                .filter(router -> wanted(router, "").keySet().stream()
                        .allMatch(claim -> held.contains(claim) || claim(stack, claim)))
                .toList();
    }

    /** The routers that need something that the stack does not hold, each with the first of it. */
    List<LeftOut> lacking(StackId stack, List<RouterSettings> routers) {
        var held = held(stack);
        var lacking = new ArrayList<LeftOut>();
        for (int at = 0; at < routers.size(); at++) {
            var router = routers.get(at);
            wanted(router, "/routers/" + at).entrySet().stream()
                    .filter(each -> !held.contains(each.getKey()))
                    .findFirst()
                    .map(each -> new LeftOut(router.name(), router.network(), taken(each.getKey(), each.getValue())))
                    .ifPresent(lacking::add);
        }
        return lacking;
    }

    /**
     * Frees what these routers do not need; takes nothing.
     *
     * @param current whether that may be; asked, if there is anything, when nobody can change what is held
     */
    void releaseAllBut(StackId stack, List<RouterSettings> routers, BooleanSupplier current) {
        var wanted = wanted(routers);
        var surplus = held(stack);
        surplus.removeAll(wanted);
        if (surplus.isEmpty()) {
            return;
        }
        lock(wanted, surplus);
        if (current.getAsBoolean()) {
            surplus.forEach(claim -> release(stack, claim));
        }
    }

    private static FieldError taken(Claim claim, String field) {
        var code = claim.kind().equals("ROUTER") ? ROUTER_TAKEN : "ha.address-taken";
        return new FieldError(field, code, "is taken in this network", claim.claimed());
    }

    private Set<Claim> held(StackId stack) {
        return new TreeSet<>(jdbc.sql("select network, kind, claimed from instances.network_claim where stack_id = ?")
                .param(stack.value())
                .query((row, n) -> new Claim(row.getString("network"), row.getString("kind"), row.getString("claimed")))
                .list());
    }

    private static Set<Claim> wanted(List<RouterSettings> routers) {
        var wanted = new TreeSet<Claim>();
        routers.forEach(router -> wanted.addAll(wanted(router, "").keySet()));
        return wanted;
    }

    private static Map<Claim, String> wanted(RouterSettings router, String field) {
        var wanted = new LinkedHashMap<Claim, String>();
        wanted.put(new Claim(router.network(), "ROUTER", Integer.toString(router.id())), field + "/id");
        for (int i = 0; i < router.addresses().size(); i++) {
            var address = Address.parse(router.addresses().get(i).address()).orElseThrow();
            wanted.put(
                    new Claim(router.network(), "ADDRESS", address.toString()), field + "/addresses/" + i + "/address");
        }
        return wanted;
    }

    /** Two stacks that swap what they hold would otherwise wait for each other. */
    private void lock(Set<Claim> wanted, Set<Claim> held) {
        var networks = new TreeSet<String>();
        wanted.forEach(claim -> networks.add(claim.network()));
        held.forEach(claim -> networks.add(claim.network()));
        for (var network : networks) {
            jdbc.sql("select pg_advisory_xact_lock(hashtextextended(?, 0))")
                    .param("instances.network_claim/" + network)
                    .query((row, n) -> n)
                    .list();
        }
    }

    private void release(StackId stack, Claim claim) {
        jdbc.sql("""
                        delete from instances.network_claim
                         where stack_id = ? and network = ? and kind = ? and claimed = ?""")
                .params(stack.value(), claim.network(), claim.kind(), claim.claimed())
                .update();
    }

    private boolean claim(StackId stack, Claim claim) {
        return jdbc.sql("""
                        insert into instances.network_claim (tenant_id, stack_id, network, kind, claimed)
                        values (?, ?, ?, ?, ?) on conflict (network, kind, claimed) do nothing""")
                        .params(
                                CurrentTenant.require().value(),
                                stack.value(),
                                claim.network(),
                                claim.kind(),
                                claim.claimed())
                        .update()
                == 1;
    }
}
