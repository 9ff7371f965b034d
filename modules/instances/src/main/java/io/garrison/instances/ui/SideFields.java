package io.garrison.instances.ui;

import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.H3;
import com.vaadin.flow.component.textfield.NumberField;
import com.vaadin.flow.component.textfield.TextArea;
import io.garrison.instances.HighAvailability.Member;
import io.garrison.instances.availability.Side;
import io.garrison.protocol.HaSettings;
import io.garrison.protocol.InstancePlan.LinkPair;
import java.util.List;
import java.util.stream.Collectors;

/** What one machine has that its peers have not. */
final class SideFields extends Div {
    private static final long serialVersionUID = 1L;

    private static final double MEGABIT = 1_000_000;

    private final transient Member member;

    private transient Side shown;

    final TextArea pairs = new TextArea("Link pairs");
    final NumberField capacity = new NumberField("Capacity (Mbit/s)");

    SideFields(Member member, Touched touched) {
        this.member = member;
        this.shown = Side.untold(member.id().value());
        addClassName("stacked");
        pairs.setHelperText("One per line: the client's side and the server's side, such as “eth0 eth1”");
        pairs.setMinRows(2);
        capacity.setHelperText(
                "What the machine can carry; tells whether the stack can do without one. Empty: unknown");
        touched.watch(pairs, capacity);
        add(new H3(member.name()), HaForm.form(pairs, capacity));
    }

    void show(Side side) {
        shown = side;
        pairs.setValue(side.linkPairs().stream()
                .map(pair -> pair.front() + " " + pair.back())
                .collect(Collectors.joining("\n")));
        var declared = side.declaredCapacityBps();
        capacity.setValue(declared == null ? null : declared / MEGABIT);
    }

    /** As it was before anything was typed. */
    Side shown() {
        return shown;
    }

    Member member() {
        return member;
    }

    void register(FieldErrors errors, String at) {
        errors.at(at + "/linkPairs", pairs).at(at + "/declaredCapacityBps", capacity);
    }

    Side side(HaSettings ha) {
        return new Side(
                member.id().value(),
                ha,
                links(),
                capacity.getValue() == null ? null : Math.round(capacity.getValue() * MEGABIT));
    }

    private List<LinkPair> links() {
        return pairs.getValue()
                .lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .map(line -> {
                    var words = line.split("\\s+", 2);
                    return new LinkPair(words[0], words.length == 2 ? words[1] : "");
                })
                .toList();
    }
}
