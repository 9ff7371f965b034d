package io.garrison.reporting.ui;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.html.Anchor;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.ListItem;
import com.vaadin.flow.component.html.OrderedList;
import com.vaadin.flow.component.html.Paragraph;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.component.icon.VaadinIcon;
import com.vaadin.flow.component.select.Select;
import com.vaadin.flow.server.streams.DownloadHandler;
import io.garrison.reporting.ReportCatalog;
import io.garrison.reporting.ReportCatalog.Format;
import io.garrison.reporting.ReportCatalog.Run;
import io.garrison.tenancy.ui.Ago;
import io.garrison.tenancy.ui.EditDialog;
import io.garrison.tenancy.ui.EmptyState;
import io.garrison.tenancy.ui.FormProblems;
import io.garrison.tenancy.ui.Notices;
import io.garrison.tenancy.ui.Section;
import io.garrison.tenancy.ui.Signal;
import io.garrison.tenancy.ui.StateBadge;
import io.garrison.tenancy.ui.TenantScope;
import java.time.Clock;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** The runs of a tenant's reports, the newest first, with their files. */
final class ReportList extends Div {
    private static final long serialVersionUID = 1L;

    private static final String DEFINITION = "usage-monthly";
    private static final int MONTHS = 12;
    private static final int MOST = 100;
    private static final DateTimeFormatter MONTH = DateTimeFormatter.ofPattern("LLLL uuuu", Locale.ENGLISH);
    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("d MMM uuuu", Locale.ENGLISH);

    private final transient ReportCatalog reports;
    private final transient TenantScope scope;
    private final transient ZoneId zone;
    private final transient Clock clock;
    private transient List<Run> shown = List.of();

    ReportList(ReportCatalog reports, TenantScope scope, ZoneId zone, Clock clock) {
        this.reports = reports;
        this.scope = scope;
        this.zone = zone;
        this.clock = clock;
        lay();
        refresh();
    }

    /** Changes nothing under the pointer while nothing has changed. */
    void refresh() {
        var now = scope.call(() -> reports.runs(null, MOST)).items();
        if (!now.equals(shown)) {
            shown = now;
            lay();
        }
    }

    private void lay() {
        removeAll();
        if (shown.isEmpty()) {
            add(new EmptyState(
                    VaadinIcon.FILE_TEXT_O,
                    "No report yet",
                    "A report tells what was used in a month, by virtual service and by day, and what rehearsed"
                            + " failovers took; as PDF, Excel, CSV and HTML. “Make report” makes one."));
            return;
        }
        var list = new OrderedList();
        list.addClassName("timeline");
        shown.forEach(run -> list.add(item(run)));
        add(new Section("", list).note("The newest %d are kept. Times are those of %s.".formatted(MOST, zone)));
    }

    private ListItem item(Run run) {
        var title = new Span("Usage, " + period(run));
        title.addClassName("strong");
        var head = new Div(title, badge(run), new Ago(run.startedAt()));
        head.addClassName("row");
        var item = new ListItem(head);
        switch (run.state()) {
            case SUCCEEDED -> item.add(files(run));
            case RUNNING -> item.add(new Div("It is being made, and stays so if you leave this page."));
            case FAILED -> item.add(new Div(run.error() == null ? "" : run.error()));
        }
        return item;
    }

    private String period(Run run) {
        var from = run.from().atZone(zone);
        var to = run.to().atZone(zone);
        var month = YearMonth.from(from);
        return run.from().equals(begin(month)) && run.to().equals(begin(month.plusMonths(1)))
                ? MONTH.format(month)
                : DAY.format(from) + " to " + DAY.format(to);
    }

    private static StateBadge badge(Run run) {
        var word = StateBadge.words(run.state());
        return switch (run.state()) {
            case RUNNING -> new StateBadge(Signal.SPECIAL, word);
            case SUCCEEDED -> new StateBadge(Signal.GOOD, "Ready");
            case FAILED -> new StateBadge(Signal.BAD, word);
        };
    }

    private Component files(Run run) {
        var files = new Div();
        files.addClassName("row");
        Stream.of(Format.values()).forEach(format -> files.add(link(run, format)));
        return files;
    }

    private Anchor link(Run run, Format format) {
        var words = format == Format.XLSX ? "Excel" : format.name();
        DownloadHandler handler = download -> {
            var file = scope.call(() -> reports.file(run.id(), format));
            download.setFileName(file.name());
            download.setContentType(file.mediaType());
            download.setContentLength(file.content().length);
            download.getOutputStream().write(file.content());
        };
        var anchor = new Anchor(handler, words);
        anchor.getElement().setAttribute("aria-label", "Download %s as %s".formatted(period(run), words));
        return anchor;
    }

    private Instant begin(YearMonth month) {
        return month.atDay(1).atStartOfDay(zone).toInstant();
    }

    void ask() {
        var current = YearMonth.from(clock.instant().atZone(zone));
        var month = new Select<YearMonth>();
        month.setLabel("Month");
        month.setItems(
                Stream.iterate(current, one -> one.minusMonths(1)).limit(MONTHS).toList());
        month.setItemLabelGenerator(one -> MONTH.format(one) + (one.equals(current) ? ", so far" : ""));
        month.setValue(current.minusMonths(1));
        month.setHelperText("From midnight to midnight in " + zone);
        var form = new Div(
                month, new Paragraph("It is made in the background from the usage records, and then listed here."));
        form.addClassName("stacked");
        var problems = new FormProblems().field("from", month).field("to", month);
        new EditDialog("Make report", "Make report", form, () -> problems.attempt(() -> start(month.getValue())))
                .open();
    }

    private void start(YearMonth month) {
        scope.call(() -> reports.start(DEFINITION, begin(month), begin(month.plusMonths(1))));
        Notices.done("The report of %s is being made".formatted(MONTH.format(month)));
        refresh();
    }
}
