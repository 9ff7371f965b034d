package io.garrison.reporting.web;

import java.io.IOException;
import java.util.List;

/**
 * Usage as CSV: RFC 4180, UTF-8, one header, one line per record. Numbers are bare; a text that a spreadsheet would take
 * for a formula gets an apostrophe in front.
 */
final class UsageCsv {

    static final String HEADER = "id,tenantId,tenantSlug,subLicenseId,stackId,instanceId,virtualService,metric,from,to,"
            + "quantity,unit,quality,completeness,meterSource\r\n";

    private UsageCsv() {}

    static void write(Appendable out, List<UsageLine> lines) throws IOException {
        for (var line : lines) {
            out.append(text(line.id())).append(',');
            out.append(line.tenantId().toString()).append(',');
            out.append(text(line.tenantSlug())).append(',');
            out.append(line.subLicenseId().toString()).append(',');
            out.append(line.stackId().toString()).append(',');
            out.append(line.instanceId().toString()).append(',');
            out.append(text(line.virtualService())).append(',');
            out.append(text(line.metric())).append(',');
            out.append(line.from().toString()).append(',');
            out.append(line.to().toString()).append(',');
            out.append(line.quantity()).append(',');
            out.append(text(line.unit())).append(',');
            out.append(text(line.quality())).append(',');
            out.append(Double.toString(line.completeness())).append(',');
            out.append(text(line.meterSource())).append("\r\n");
        }
    }

    /** One cell of text. */
    static String text(String value) {
        var safe = !value.isEmpty() && "=+-@\t\r\n".indexOf(value.charAt(0)) >= 0 ? "'" + value : value;
        var special =
                safe.indexOf(',') >= 0 || safe.indexOf('"') >= 0 || safe.indexOf('\r') >= 0 || safe.indexOf('\n') >= 0;
        return special ? '"' + safe.replace("\"", "\"\"") + '"' : safe;
    }
}
