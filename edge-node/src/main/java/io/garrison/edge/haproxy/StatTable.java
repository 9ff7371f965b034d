package io.garrison.edge.haproxy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The CSV of {@code show stat}, by the names of its header, because columns differ between versions. */
final class StatTable {

    private final Map<String, Integer> columns = new HashMap<>();
    private final List<String[]> rows = new ArrayList<>();

    static StatTable parse(String csv) {
        var table = new StatTable();
        for (var line : csv.split("\n")) {
            if (line.startsWith("# ")) {
                var names = line.substring(2).split(",");
                for (int i = 0; i < names.length; i++) {
                    table.columns.put(names[i], i);
                }
            } else if (!line.isBlank() && !table.columns.isEmpty()) {
                table.rows.add(line.split(",", -1));
            }
        }
        return table;
    }

    int rows() {
        return rows.size();
    }

    boolean has(String column) {
        return columns.containsKey(column);
    }

    String text(int row, String column) {
        var index = columns.get(column);
        var cells = rows.get(row);
        return index == null || index >= cells.length ? "" : cells[index];
    }

    long number(int row, String column) {
        var text = text(row, column);
        try {
            return text.isEmpty() ? 0 : Long.parseLong(text);
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}
