package io.garrison.tenancy.ui;

/** What a state means to the reader. Each has a shape and a colour of its own, and is never shown without its word. */
public enum Signal {
    /** Healthy, in sync, active. */
    GOOD("●"),
    /** Degraded, suspect, drifting, about to expire. */
    WARNING("▲"),
    /** Down, lost, failed, refused. */
    BAD("■"),
    /** Not known, or never happened. */
    UNKNOWN("○"),
    /** On purpose out of the ordinary: bypass, maintenance, suspended. */
    SPECIAL("◆");

    private final String shape;

    Signal(String shape) {
        this.shape = shape;
    }

    public String shape() {
        return shape;
    }

    /** Class name of the colour in the stylesheet. */
    public String styleName() {
        return switch (this) {
            case GOOD -> "good";
            case WARNING -> "warning";
            case BAD -> "bad";
            case UNKNOWN -> "unknown";
            case SPECIAL -> "special";
        };
    }
}
