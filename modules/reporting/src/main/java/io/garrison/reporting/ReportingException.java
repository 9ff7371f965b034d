package io.garrison.reporting;

import io.garrison.tenancy.Refusal;
import java.util.List;
import java.util.Locale;

/** The ways in which ingestion, statistics, logs, usage and reports can refuse. */
public abstract sealed class ReportingException extends Refusal {
    private static final long serialVersionUID = 1L;

    private ReportingException(Kind kind, String code, String message) {
        super(kind, code, message);
    }

    private ReportingException(Kind kind, String code, String message, List<FieldError> errors) {
        super(kind, code, message, errors);
    }

    /** A telemetry batch breaks a limit or names what is not the edge's own. Nothing of it was taken. */
    public static final class TelemetryRefused extends ReportingException {
        private static final long serialVersionUID = 1L;

        public TelemetryRefused(List<FieldError> errors) {
            super(
                    Kind.RULE_BROKEN,
                    "telemetry.refused",
                    "The batch holds entries that cannot be taken; errors names the first ones. Send it without them.",
                    errors);
        }
    }

    /** Registers that are right, but were read later than it is here: a clock is wrong. They will be taken when it is time. */
    public static final class TelemetryEarly extends ReportingException {
        private static final long serialVersionUID = 1L;

        public TelemetryEarly(List<FieldError> errors) {
            super(
                    Kind.CONFLICT,
                    "telemetry.early",
                    "The batch holds registers from the future; errors names the first ones. Check the clocks, and send them again later.",
                    errors);
        }
    }

    /** A time range is empty, reversed or longer than the answer may cover. */
    public static final class BadRange extends ReportingException {
        private static final long serialVersionUID = 1L;

        public BadRange(String message) {
            super(Kind.RULE_BROKEN, "range.invalid", message, List.of(new FieldError("to", "range.invalid", message)));
        }
    }

    /** A value is not one of those that are possible. */
    public static final class UnknownChoice extends ReportingException {
        private static final long serialVersionUID = 1L;

        public UnknownChoice(String field, String possible) {
            super(
                    Kind.RULE_BROKEN,
                    "%s.unknown".formatted(field.toLowerCase(Locale.ROOT)),
                    "%s must be one of %s.".formatted(field, possible),
                    List.of(new FieldError(field, "unknown", "possible are " + possible)));
        }
    }

    /** A cursor was not given by this list. */
    public static final class BadCursor extends ReportingException {
        private static final long serialVersionUID = 1L;

        public BadCursor() {
            super(
                    Kind.MALFORMED,
                    "cursor.invalid",
                    "Use the value of next from the page before, with the same query.",
                    List.of(new FieldError("after", "cursor.invalid", "not a cursor of this list")));
        }
    }

    /** A log query cannot be read. */
    public static final class BadLogQuery extends ReportingException {
        private static final long serialVersionUID = 1L;

        private final int position;

        /** @param position of the offending character, from 0 */
        public BadLogQuery(int position, String reason) {
            super(
                    Kind.RULE_BROKEN,
                    "query.invalid",
                    "The query cannot be read at position %d: %s.".formatted(position, reason),
                    List.of(new FieldError("query", "query.invalid", "position %d: %s".formatted(position, reason))));
            this.position = position;
        }

        public int position() {
            return position;
        }
    }

    /** The statistics would have more points or lines than an answer may hold. */
    public static final class TooManyPoints extends ReportingException {
        private static final long serialVersionUID = 1L;

        public TooManyPoints(long points, int limit) {
            super(
                    Kind.RULE_BROKEN,
                    "stats.too-many-points",
                    "This range and step make %d points; at most %d are answered. Ask for a shorter range or a longer step."
                            .formatted(points, limit),
                    List.of(new FieldError("step", "stats.too-many-points", "too short for this range")));
        }
    }

    /** There is no such report or run for this caller. */
    public static final class UnknownReport extends ReportingException {
        private static final long serialVersionUID = 1L;

        public UnknownReport() {
            super(Kind.NOT_FOUND, "not-found", "There is nothing here, or it is not yours to see.");
        }
    }

    /** The run has not ended, or has failed, so there is no file. */
    public static final class NoFileYet extends ReportingException {
        private static final long serialVersionUID = 1L;

        public NoFileYet(String state) {
            super(
                    Kind.CONFLICT,
                    "report.no-file",
                    "The run is %s; there is a file once it is SUCCEEDED.".formatted(state));
        }
    }

    /** The tenant has as many runs as it may have at once. */
    public static final class TooManyRuns extends ReportingException {
        private static final long serialVersionUID = 1L;

        public TooManyRuns(int limit) {
            super(
                    Kind.TOO_MANY,
                    "report.too-many-runs",
                    "%d reports are being made for this tenant. Wait until one has ended.".formatted(limit));
        }
    }

    /** A file is not given in this format. */
    public static final class UnknownFormat extends ReportingException {
        private static final long serialVersionUID = 1L;

        public UnknownFormat(String format, String available) {
            super(
                    Kind.RULE_BROKEN,
                    "format.unavailable",
                    "There is no format %s here; available are %s.".formatted(format, available),
                    List.of(new FieldError("format", "format.unavailable", "available are " + available)));
        }
    }

    /** Usage of an installation of a customer's own breaks a rule. Nothing of it was kept. */
    public static final class UsageRefused extends ReportingException {
        private static final long serialVersionUID = 1L;

        private UsageRefused(Kind kind, String code, String message, List<FieldError> errors) {
            super(kind, code, message, errors);
        }

        public static UsageRefused malformed(String reason) {
            return new UsageRefused(Kind.MALFORMED, "usage.malformed", "It cannot be read: " + reason, List.of());
        }

        public static UsageRefused changed(String reason) {
            return new UsageRefused(Kind.RULE_BROKEN, "usage.signature-invalid", reason, List.of());
        }

        /**
         * @param rule stable, in lower case with hyphens: {@code foreign}, {@code time-in-future}
         * @param field JSON pointer to the row
         */
        public static UsageRefused row(String rule, String field, String reason) {
            var code = "usage." + rule;
            return new UsageRefused(
                    Kind.RULE_BROKEN,
                    code,
                    "A row cannot be taken: %s. Nothing of the batch was kept.".formatted(reason),
                    List.of(new FieldError(field, code, reason)));
        }

        /** The numbers of two batches that are not each other's continuation. */
        public static UsageRefused forked(long number) {
            return new UsageRefused(
                    Kind.CONFLICT,
                    "usage.forked",
                    "Another batch %d of this installation is known: it lives twice, or was restored from a copy. Unbind it and let it start over."
                            .formatted(number),
                    List.of());
        }

        public static UsageRefused tenantGone() {
            return new UsageRefused(
                    Kind.CONFLICT, "usage.tenant-gone", "The tenant of this usage is being deleted here.", List.of());
        }

        public static UsageRefused nothingNew() {
            return new UsageRefused(
                    Kind.CONFLICT, "usage.nothing-new", "Nothing was counted since the last file.", List.of());
        }

        public static UsageRefused noSuchFile() {
            return new UsageRefused(
                    Kind.NOT_FOUND,
                    "not-found",
                    "There is no file of this number, or it was taken over the network and is not needed.",
                    List.of());
        }
    }
}
