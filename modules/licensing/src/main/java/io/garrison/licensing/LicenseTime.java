package io.garrison.licensing;

import java.time.Instant;

/** What time it is for licences: not the clock's time where that went back or jumped far ahead. */
public interface LicenseTime {

    /** Never goes back. */
    Instant now();
}
