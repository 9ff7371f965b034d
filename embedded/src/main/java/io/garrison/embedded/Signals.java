package io.garrison.embedded;

import java.io.IOException;
import java.util.concurrent.TimeUnit;

/** POSIX signals that {@link Process} has no method for. */
final class Signals {

    private Signals() {}

    /** Sends the signal, such as {@code INT}; nothing happens when the process is gone already. */
    static void send(String signal, long pid) throws InterruptedException {
        try {
            new ProcessBuilder("sh", "-c", "kill -\"$1\" \"$2\"", "sh", signal, Long.toString(pid))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor(5, TimeUnit.SECONDS);
        } catch (IOException e) {
            throw new EmbeddedException("Cannot run sh to send SIG" + signal, e);
        }
    }
}
