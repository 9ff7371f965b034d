package io.garrison.instances.ui;

import com.vaadin.flow.component.confirmdialog.ConfirmDialog;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.ListItem;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.component.html.UnorderedList;
import io.garrison.instances.HighAvailability.StackWish;
import io.garrison.instances.availability.RouterSettings;
import io.garrison.instances.availability.Side;
import io.garrison.instances.availability.StackSettings;
import io.garrison.protocol.HaSettings.HaMode;
import io.garrison.protocol.VirtualRouter.VirtualAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What clients notice of a change of high availability.
 *
 * @param what one sentence
 * @param addresses that are concerned, never none
 */
record HaLoss(String what, List<String> addresses) {

    HaLoss {
        addresses = List.copyOf(addresses);
    }

    /** None where no address was held before. */
    static List<HaLoss> of(StackSettings before, StackWish wish) {
        var held = addresses(before.routers());
        if (before.shared().mode() == HaMode.NONE || held.isEmpty()) {
            return List.of();
        }
        if (wish.shared().mode() == HaMode.NONE) {
            return List.of(new HaLoss("With the mode None no instance holds these addresses any more:", held));
        }
        var losses = new ArrayList<HaLoss>();
        var kept = addresses(wish.routers());
        var gone = held.stream().filter(each -> !kept.contains(each)).toList();
        if (!gone.isEmpty()) {
            losses.add(new HaLoss("No instance holds these addresses any more:", gone));
        }
        var staying = held.stream().filter(kept::contains).toList();
        var primary = before.primary().orElse(null);
        if (!staying.isEmpty() && primary != null && !primary.equals(primary(wish))) {
            losses.add(new HaLoss(
                    "The primary changes. These addresses may move, and connections through them end:", staying));
        }
        return losses;
    }

    static void ask(List<HaLoss> losses, Runnable confirmed) {
        var told = new Div();
        told.addClassName("stacked");
        for (var loss : losses) {
            var list = new UnorderedList();
            loss.addresses().forEach(address -> list.add(new ListItem(address)));
            told.add(new Span(loss.what()), list);
        }
        var ask = new ConfirmDialog();
        ask.setHeader("Save what clients will notice?");
        ask.setText(told);
        ask.setCancelable(true);
        ask.setCancelText("Keep editing");
        ask.setConfirmText("Save all sides");
        ask.setConfirmButtonTheme("error primary");
        ask.addConfirmListener(yes -> confirmed.run());
        ask.open();
    }

    private static @Nullable UUID primary(StackWish wish) {
        return wish.sides().stream()
                .filter(Side::primary)
                .map(Side::instanceId)
                .findFirst()
                .orElse(null);
    }

    private static List<String> addresses(List<RouterSettings> routers) {
        return routers.stream()
                .flatMap(router -> router.addresses().stream())
                .map(VirtualAddress::address)
                .distinct()
                .toList();
    }
}
