package io.garrison.instances.ui;

import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.H3;
import com.vaadin.flow.component.html.ListItem;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.component.html.UnorderedList;
import io.garrison.instances.ClusterStatus.Member;
import io.garrison.tenancy.ui.Ago;
import io.garrison.tenancy.ui.Facts;
import io.garrison.tenancy.ui.Signal;
import io.garrison.tenancy.ui.StateBadge;
import java.util.Comparator;
import java.util.List;

/** The members of a stack side by side, each with what it is to the others and what is wrong with it. */
final class MemberCards extends Div {
    private static final long serialVersionUID = 1L;

    MemberCards(List<Member> members) {
        addClassName("members");
        members.stream().sorted(Comparator.comparing(Member::name)).forEach(member -> add(card(member)));
        if (members.isEmpty()) {
            var none = new Span("No instance has joined yet. “Add instance” makes a token for the machine.");
            none.addClassName("quiet");
            add(none);
        }
    }

    private static Div card(Member member) {
        var name = new Div(new H3(member.name()), HaWords.badge(member));
        if (member.primary()) {
            name.add(new StateBadge(Signal.SPECIAL, "Primary"));
        }
        name.addClassName("row");
        var card = new Div(name);
        card.addClassName("policy-card");
        if (!member.routers().isEmpty()) {
            var routers = new Div();
            routers.addClassName("row");
            member.routers().forEach(router -> routers.add(HaWords.badge(router)));
            card.add(routers);
        }
        card.add(facts(member));
        troubles(member, card);
        return card;
    }

    private static Facts facts(Member member) {
        var facts = new Facts();
        if (member.term() > 0 || !member.role().equals("UNKNOWN")) {
            facts.with("Role", StateWords.of(member.role())).with("Term", Long.toString(member.term()));
        }
        facts.with("Revision", revision(member)).code("Address", member.address());
        if (member.activeLinkPairs() != null) {
            facts.with("Link pairs up", Integer.toString(member.activeLinkPairs()));
        }
        if (member.flaps() > 0) {
            facts.with("Changes of role lately", Integer.toString(member.flaps()));
        }
        return facts.with("Reported", new Ago(member.reportedAt()));
    }

    private static String revision(Member member) {
        var revision = member.revision() == 0 ? "none" : Long.toString(member.revision());
        return member.lag() == 0 ? revision : revision + ", " + member.lag() + " behind";
    }

    private static void troubles(Member member, Div card) {
        var list = new UnorderedList();
        list.addClassName("problems");
        var bypass = member.bypass();
        if (bypass != null) {
            list.add(new ListItem("Traffic passes uninspected: " + bypass));
        }
        member.faults().forEach(fault -> {
            var item = new ListItem(HaWords.of(fault) + ", ");
            item.add(new Ago(fault.since()));
            list.add(item);
        });
        if (member.planError() != null) {
            if (member.faults().stream().noneMatch(fault -> fault.code().equals("plan-refused"))) {
                list.add(new ListItem("Its plan is not in force: " + member.planError()));
            }
        } else if (member.plannedNumber() > member.planNumber()) {
            var waiting = new Span("Its newest plan is on its way.");
            waiting.addClassName("quiet");
            card.add(waiting);
        }
        if (list.getComponentCount() > 0) {
            card.add(list);
        }
    }
}
