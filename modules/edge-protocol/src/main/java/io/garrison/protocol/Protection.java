package io.garrison.protocol;

/** How far requests are inspected. */
public record Protection(Mode mode) {

    public static final Protection NONE = new Protection(Mode.BYPASS);

    public Protection {
        mode = Absent.or(mode, Mode.BYPASS);
    }

    public enum Mode {
        /** Traffic passes uninspected. */
        BYPASS,
        RECORD,
        ENFORCE
    }
}
