package io.garrison.licensing.ui;

import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.ListItem;
import com.vaadin.flow.component.html.Paragraph;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.component.html.UnorderedList;
import io.garrison.licensing.Metric;
import io.garrison.licensing.Transfer;
import io.garrison.tenancy.TenantId;
import io.garrison.tenancy.ui.Ago;
import io.garrison.tenancy.ui.Signal;
import io.garrison.tenancy.ui.StateBadge;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What moved, or is to move, from a sub-licence to others. */
final class TransferList extends Div {
    private static final long serialVersionUID = 1L;

    private final transient Function<TenantId, String> names;
    private final transient @Nullable Consumer<UUID> cancel;
    private transient @Nullable List<Transfer> shown;

    /**
     * @param names of the taking tenants; for readers who may not know them, no names
     * @param cancel null if the reader may not
     */
    TransferList(Function<TenantId, String> names, @Nullable Consumer<UUID> cancel) {
        this.names = names;
        this.cancel = cancel;
    }

    /** Leaves what is the same already as it is. */
    void show(List<Transfer> transfers) {
        if (transfers.equals(shown)) {
            return;
        }
        shown = List.copyOf(transfers);
        removeAll();
        if (transfers.isEmpty()) {
            var none = new Paragraph("Nothing has moved from it, and nothing is scheduled.");
            none.addClassName("quiet");
            add(none);
            return;
        }
        var list = new UnorderedList();
        list.addClassName("timeline");
        transfers.forEach(transfer -> list.add(item(transfer)));
        add(list);
    }

    private ListItem item(Transfer transfer) {
        var head = new Div(badge(transfer.state()), new Span(amounts(transfer)), Ago.absolute(transfer.effectiveAt()));
        head.addClassName("row");
        var details = new Paragraph("to %s, asked for by %s%s"
                .formatted(
                        names.apply(transfer.toTenant()),
                        transfer.requestedBy(),
                        transfer.reason() == null ? "" : ": “" + transfer.reason() + "”"));
        details.addClassName("quiet");
        var item = new ListItem(head, details);
        if (transfer.message() != null) {
            item.add(Hint.bad(transfer.message()));
        }
        if (transfer.state() == Transfer.State.SCHEDULED && cancel != null) {
            var act = cancel;
            var button = new Button("Cancel transfer", click -> act.accept(transfer.id()));
            button.addThemeVariants(ButtonVariant.TERTIARY, ButtonVariant.SMALL);
            item.add(button);
        }
        return item;
    }

    static String amounts(Transfer transfer) {
        return LicenseWords.COUNTED.stream()
                .filter(metric -> transfer.amounts().limit(metric) > 0)
                .map(metric -> amount(transfer, metric))
                .collect(Collectors.joining(", "));
    }

    private static String amount(Transfer transfer, Metric metric) {
        return LicenseWords.quantity(metric, transfer.amounts().limit(metric));
    }

    private static StateBadge badge(Transfer.State state) {
        var signal = switch (state) {
            case SCHEDULED -> Signal.SPECIAL;
            case DONE -> Signal.GOOD;
            case FAILED -> Signal.BAD;
            case CANCELLED -> Signal.UNKNOWN;
        };
        return new StateBadge(signal, StateBadge.words(state));
    }
}
