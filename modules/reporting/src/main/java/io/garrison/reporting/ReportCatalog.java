package io.garrison.reporting;

import io.garrison.tenancy.http.Page;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reports of the bound tenant: what there is, what was run, and the files. */
public interface ReportCatalog {

    /** The built-in definitions. */
    List<Definition> definitions();

    /**
     * Starts a run; it ends by itself in the background.
     *
     * @throws ReportingException.UnknownReport if there is no such definition
     * @throws ReportingException.BadRange if the range is empty or longer than 92 days
     */
    Run start(String definition, Instant from, Instant to);

    /** @throws ReportingException.UnknownReport if the tenant has no such run */
    Run run(UUID id);

    /** The tenant's runs, newest first. Only the newest 100 are kept. */
    Page<Run> runs(@Nullable String after, int limit);

    /**
     * @throws ReportingException.UnknownReport if the tenant has no such run
     * @throws ReportingException.NoFileYet if the run has not succeeded
     */
    File file(UUID run, Format format);

    record Definition(String id, String title, String description) {}

    /**
     * @param operation whose state tells the progress
     * @param error why it failed, for people
     */
    record Run(
            UUID id,
            String definition,
            Instant from,
            Instant to,
            State state,
            Instant startedAt,
            @Nullable UUID operation,
            @Nullable String error) {}

    record File(String name, String mediaType, byte[] content) {}

    enum State {
        RUNNING,
        SUCCEEDED,
        FAILED
    }

    enum Format {
        PDF("application/pdf"),
        XLSX("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        CSV("text/csv;charset=UTF-8"),
        HTML("text/html;charset=UTF-8");

        private final String mediaType;

        Format(String mediaType) {
            this.mediaType = mediaType;
        }

        public String mediaType() {
            return mediaType;
        }
    }
}
