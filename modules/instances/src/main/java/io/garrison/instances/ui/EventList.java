package io.garrison.instances.ui;

import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.ListItem;
import com.vaadin.flow.component.html.OrderedList;
import com.vaadin.flow.component.html.Span;
import io.garrison.instances.InstanceEvent;
import io.garrison.tenancy.ui.Ago;
import io.garrison.tenancy.ui.StateBadge;
import java.util.List;

/** What happened on instances, the newest first. */
final class EventList extends Div {
    private static final long serialVersionUID = 1L;

    EventList(List<InstanceEvent> events) {
        if (events.isEmpty()) {
            var none = new Span("Nothing yet. Changes of role, lost peers and bypass are told here.");
            none.addClassName("quiet");
            add(none);
            return;
        }
        var list = new OrderedList();
        list.addClassName("timeline");
        events.forEach(event -> list.add(item(event)));
        add(list);
    }

    private static ListItem item(InstanceEvent event) {
        var head = new Div(new StateBadge(HaWords.signal(event.severity()), event.instanceName()), new Ago(event.at()));
        head.addClassName("row");
        var code = new Span(event.code());
        code.addClassNames("quiet", "mono");
        head.add(code);
        return new ListItem(head, new Div(event.message()));
    }
}
