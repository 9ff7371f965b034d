package io.garrison.tenancy.ui;

import com.vaadin.flow.component.UI;
import com.vaadin.flow.router.Location;
import com.vaadin.flow.router.QueryParameters;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What a list is filtered by, kept in the address so that it can be shared and survives a reload. */
public final class ListState {

    private final Map<String, String> values = new TreeMap<>();
    private String path = "";

    public ListState read(Location location) {
        path = location.getPath();
        values.clear();
        location.getQueryParameters()
                .getParameters()
                .forEach((name, all) -> all.stream()
                        .filter(value -> !value.isBlank())
                        .findFirst()
                        .ifPresent(value -> values.put(name, value)));
        return this;
    }

    public Optional<String> get(String name) {
        return Optional.ofNullable(values.get(name));
    }

    /** A constant of an enum; what is none is as good as absent. */
    public <E extends Enum<E>> Optional<E> get(String name, Class<E> type) {
        return get(name)
                .flatMap(value -> List.of(type.getEnumConstants()).stream()
                        .filter(constant -> constant.name().equals(value))
                        .findFirst());
    }

    /** Changes a part and shows it in the browser's address without leaving the page. */
    public void put(String name, String value) {
        if (value.isBlank()) {
            values.remove(name);
        } else {
            values.put(name, value);
        }
        UI.getCurrent().getPage().getHistory().replaceState(null, new Location(path, QueryParameters.simple(values)));
    }
}
