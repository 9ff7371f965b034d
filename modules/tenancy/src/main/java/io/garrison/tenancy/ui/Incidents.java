package io.garrison.tenancy.ui;

import java.util.Locale;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Names a failure that the reader can only report, so that the log explains what they report. */
public final class Incidents {

    private static final Logger log = LoggerFactory.getLogger(Incidents.class);

    private Incidents() {}

    /** @return what the reader tells their administrator */
    public static String record(Throwable failure) {
        var incident = UUID.randomUUID().toString().substring(0, 8).toUpperCase(Locale.ROOT);
        log.error("incident {} in the console", incident, failure);
        return incident;
    }
}
