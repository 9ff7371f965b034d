package io.garrison.instances.ui;

import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.dialog.Dialog;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.ListItem;
import com.vaadin.flow.component.html.Paragraph;
import com.vaadin.flow.component.html.UnorderedList;
import com.vaadin.flow.component.select.Select;
import com.vaadin.flow.component.textfield.IntegerField;
import io.garrison.instances.BalancerFlavour;
import io.garrison.instances.StackBalancer;
import io.garrison.instances.StackSummary;
import io.garrison.tenancy.Refusal;
import io.garrison.tenancy.ui.CopyField;
import io.garrison.tenancy.ui.TenantScope;

/** Configuration for a balancer of the customer's in front of a stack, to be copied. */
final class BalancerDialog extends Dialog {
    private static final long serialVersionUID = 1L;

    private final transient StackBalancer balancers;
    private final transient TenantScope scope;
    private final transient StackSummary stack;
    private final Select<BalancerFlavour> flavour = new Select<>();
    private final IntegerField healthPort = new IntegerField("Health port");
    private final Div snippet = new Div();

    BalancerDialog(StackBalancer balancers, TenantScope scope, StackSummary stack) {
        this.balancers = balancers;
        this.scope = scope;
        this.stack = stack;
        setHeaderTitle("Balancer in front of " + stack.name());
        setWidth("min(820px, 96vw)");
        flavour.setLabel("Program");
        flavour.setItems(BalancerFlavour.values());
        flavour.setItemLabelGenerator(one -> one == BalancerFlavour.HAPROXY ? "HAProxy" : "nginx");
        flavour.setValue(BalancerFlavour.HAPROXY);
        healthPort.setHelperText("Port of health.listen on the instances");
        healthPort.setMin(1);
        healthPort.setMax(65_535);
        healthPort.setValue(StackBalancer.DEFAULT_HEALTH_PORT);
        flavour.addValueChangeListener(change -> show());
        healthPort.addValueChangeListener(change -> show());
        var about = new Paragraph(
                "Every instance serves clients by itself. This spreads them, and stops sending them to one that is down or drains.");
        about.addClassName("quiet");
        var content = new Div(about, flavour, healthPort, snippet);
        content.addClassName("stacked");
        add(content);
        getFooter().add(new Button("Close", click -> close()));
        show();
    }

    private void show() {
        snippet.removeAll();
        var port = healthPort.getValue();
        if (port == null || healthPort.isInvalid()) {
            return;
        }
        try {
            var made = scope.call(() -> balancers.of(stack.id(), flavour.getValue(), port));
            var text = new CopyField("Configuration", made.text());
            snippet.add(text);
            var without = new UnorderedList();
            made.without().forEach(one -> without.add(new ListItem(one.name() + " is left out: it " + one.reason())));
            if (!made.without().isEmpty()) {
                snippet.add(without);
            }
        } catch (Refusal refusal) {
            var hint = new Div(new Paragraph(String.valueOf(refusal.getMessage())));
            hint.addClassNames("hint", "bad");
            hint.getElement().setAttribute("role", "alert");
            snippet.add(hint);
        }
    }
}
