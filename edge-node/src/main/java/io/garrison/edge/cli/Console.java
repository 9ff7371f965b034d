package io.garrison.edge.cli;

import io.garrison.protocol.ProtocolJson;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** Where commands speak. */
public record Console(PrintStream out, PrintStream err) {

    static final int OK = 0;
    static final int FAILED = 1;
    static final int USAGE = 2;

    void say(String text) {
        err.println(text);
    }

    void document(Object value) {
        out.println(new String(ProtocolJson.write(value), StandardCharsets.UTF_8));
        out.flush();
    }
}
