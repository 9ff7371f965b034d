package io.garrison.reporting.ui;

import com.vaadin.flow.component.html.Anchor;
import com.vaadin.flow.server.streams.DownloadHandler;
import io.garrison.reporting.UsageRecord;
import io.garrison.tenancy.TenantId;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Usage records as files, with the fields that the API gives them; written page by page. */
final class UsageExport {

    private static final JsonMapper JSON = JsonMapper.shared();

    private static final String HEAD =
            "id,tenantId,tenantSlug,subLicenseId,stackId,instanceId,virtualService,metric,from,to,"
                    + "quantity,unit,quality,completeness,meterSource\r\n";

    private UsageExport() {}

    static Anchor csv(String name, Supplier<UsagePages> pages, Function<TenantId, String> slug) {
        return link(
                "CSV",
                name + ".csv",
                "text/csv;charset=UTF-8",
                HEAD,
                pages,
                record -> json(record, slug).properties().stream()
                        .map(field -> cell(field.getValue().asString()))
                        .collect(Collectors.joining(",", "", "\r\n")));
    }

    static Anchor jsonLines(String name, Supplier<UsagePages> pages, Function<TenantId, String> slug) {
        return link("JSON", name + ".jsonl", "application/jsonl", "", pages, record -> json(record, slug) + "\n");
    }

    private static ObjectNode json(UsageRecord record, Function<TenantId, String> slug) {
        return JSON.createObjectNode()
                .put("id", record.id())
                .put("tenantId", record.tenantId().toString())
                .put("tenantSlug", slug.apply(record.tenantId()))
                .put("subLicenseId", record.subLicenseId().toString())
                .put("stackId", record.stackId().toString())
                .put("instanceId", record.instanceId().toString())
                .put("virtualService", record.virtualService())
                .put("metric", record.metric().code())
                .put("from", record.from().toString())
                .put("to", record.to().toString())
                .put("quantity", record.quantity().toPlainString())
                .put("unit", record.metric().unit())
                .put("quality", record.quality().name())
                .put("completeness", record.completeness())
                .put("meterSource", record.meterSource());
    }

    /** A cell of a CSV file that no spreadsheet takes for a formula. */
    static String cell(@Nullable String text) {
        if (text == null) {
            return "";
        }
        var safe = !text.isEmpty() && "=+-@\t\r".indexOf(text.charAt(0)) >= 0 ? "'" + text : text;
        return safe.matches("[\\w .:'/-]*") ? safe : "\"" + safe.replace("\"", "\"\"") + "\"";
    }

    private static Anchor link(
            String words,
            String file,
            String type,
            String head,
            Supplier<UsagePages> pages,
            Function<UsageRecord, String> line) {
        DownloadHandler handler = download -> {
            download.setFileName(file);
            download.setContentType(type);
            try (var out =
                    new BufferedWriter(new OutputStreamWriter(download.getOutputStream(), StandardCharsets.UTF_8))) {
                out.write(head);
                pages.get().forEach(Integer.MAX_VALUE, record -> write(out, line.apply(record)));
            } catch (UncheckedIOException e) {
                throw e.getCause();
            }
        };
        var anchor = new Anchor(handler, words);
        anchor.getElement().setAttribute("aria-label", "Download usage as " + words);
        return anchor;
    }

    private static void write(Writer out, String line) {
        try {
            out.write(line);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
