package io.garrison.instances.ui;

import com.vaadin.flow.component.grid.Grid;
import com.vaadin.flow.data.renderer.LitRenderer;
import io.garrison.instances.InstanceSummary;
import io.garrison.tenancy.ui.Ago;
import io.garrison.tenancy.ui.Signal;
import io.garrison.tenancy.ui.StateBadge;
import java.util.Comparator;
import java.util.function.Function;

/** The columns that every list of instances has. */
final class InstanceColumns {

    private InstanceColumns() {}

    static <T> void addTo(Grid<T> grid, Function<T, InstanceSummary> instance, boolean sortable) {
        grid.addColumn(row -> instance.apply(row).name())
                .setHeader("Instance")
                .setKey("name")
                .setAutoWidth(true)
                .setFlexGrow(1)
                .setSortable(sortable);
        state(
                        grid,
                        "State",
                        row -> InstanceStates.signal(instance.apply(row).lifecycleState()),
                        row -> StateBadge.words(instance.apply(row).lifecycleState()),
                        row -> InstanceStates.explain(instance.apply(row).lifecycleState()))
                .setKey("state")
                .setComparator(Comparator.comparing(row -> instance.apply(row).lifecycleState()))
                .setSortable(sortable);
        state(
                        grid,
                        "Sync",
                        row -> InstanceStates.signal(instance.apply(row).syncState()),
                        row -> StateBadge.words(instance.apply(row).syncState()),
                        row -> {
                            var error = instance.apply(row).error();
                            return error == null
                                    ? InstanceStates.explain(instance.apply(row).syncState())
                                    : error.message();
                        })
                .setKey("sync")
                .setComparator(Comparator.comparing(row -> instance.apply(row).syncState()))
                .setSortable(sortable);
        state(
                        grid,
                        "Health",
                        row -> InstanceStates.signal(instance.apply(row).health()),
                        row -> StateBadge.words(instance.apply(row).health()),
                        row -> InstanceStates.explain(instance.apply(row).health()))
                .setKey("health")
                .setComparator(Comparator.comparing(row -> instance.apply(row).health()))
                .setSortable(sortable);
        grid.addColumn(row -> instance.apply(row).stackName())
                .setHeader("Stack")
                .setKey("stack")
                .setAutoWidth(true)
                .setSortable(sortable);
        grid.addColumn(row -> InstanceStates.revision(instance.apply(row)))
                .setHeader("Revision")
                .setKey("revision")
                .setAutoWidth(true);
        grid.addColumn(Ago.<T>column(row -> instance.apply(row).lastSeen(), false))
                .setHeader("Last heartbeat")
                .setKey("seen")
                .setAutoWidth(true);
    }

    private static <T> Grid.Column<T> state(
            Grid<T> grid,
            String header,
            Function<T, Signal> signal,
            Function<T, String> word,
            Function<T, String> reason) {
        return grid.addColumn(LitRenderer.<T>of(
                                "<span class=\"state ${item.look}\" title=\"${item.why}\"><span aria-hidden=\"true\">${item.shape}</span><span>${item.word}</span></span>")
                        .withProperty("look", row -> signal.apply(row).styleName())
                        .withProperty("shape", row -> signal.apply(row).shape())
                        .withProperty("word", word::apply)
                        .withProperty("why", reason::apply))
                .setHeader(header)
                .setAutoWidth(true);
    }
}
