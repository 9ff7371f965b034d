package io.garrison.edge.haproxy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * What {@code show proc} of the master process says.
 *
 * @param current the worker that takes connections; 0 if there is none
 * @param old workers that only finish what they have
 */
record Master(long pid, int failedReloads, long current, List<Long> old) {

    static Master ask(Layout layout) throws IOException {
        return parse(RuntimeSocket.ask(layout.master(), "show proc"));
    }

    boolean has(long worker) {
        return worker == current || old.contains(worker);
    }

    /** @throws IOException if it is no such answer */
    static Master parse(String answer) throws IOException {
        long pid = 0;
        int failed = 0;
        long current = 0;
        var old = new ArrayList<Long>();
        boolean isOld = false;
        for (var line : answer.split("\n")) {
            if (line.startsWith("# old workers")) {
                isOld = true;
            } else if (line.startsWith("# programs")) {
                break;
            }
            var columns = line.trim().split("\\s+");
            if (columns.length < 3 || !columns[0].matches("\\d{1,9}")) {
                continue;
            }
            if (columns[1].equals("master")) {
                pid = Long.parseLong(columns[0]);
                failed = line.contains("[failed: ")
                        ? Integer.parseInt(line.replaceAll(".*\\[failed: (\\d+)].*", "$1"))
                        : 0;
            } else if (columns[1].equals("worker")) {
                if (isOld) {
                    old.add(Long.parseLong(columns[0]));
                } else {
                    current = Long.parseLong(columns[0]);
                }
            }
        }
        if (current == 0 && !old.isEmpty()) {
            // after a reload that failed, the one that serves on is listed as old
            current = old.removeFirst();
        }
        if (pid == 0) {
            throw new IOException("HAProxy's master does not answer as expected");
        }
        return new Master(pid, failed, current, List.copyOf(old));
    }
}
