package io.garrison.reporting.jasper;

import io.garrison.reporting.ReportCatalog.Format;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import net.sf.jasperreports.engine.JRException;
import net.sf.jasperreports.engine.JRParameter;
import net.sf.jasperreports.engine.JasperExportManager;
import net.sf.jasperreports.engine.JasperFillManager;
import net.sf.jasperreports.engine.JasperPrint;
import net.sf.jasperreports.engine.JasperReport;
import net.sf.jasperreports.engine.data.JRMapCollectionDataSource;
import net.sf.jasperreports.engine.export.HtmlExporter;
import net.sf.jasperreports.engine.export.JRCsvExporter;
import net.sf.jasperreports.engine.export.ooxml.JRXlsxExporter;
import net.sf.jasperreports.engine.util.JRLoader;
import net.sf.jasperreports.export.SimpleExporterInput;
import net.sf.jasperreports.export.SimpleHtmlExporterOutput;
import net.sf.jasperreports.export.SimpleOutputStreamExporterOutput;
import net.sf.jasperreports.export.SimpleWriterExporterOutput;
import net.sf.jasperreports.export.SimpleXlsxReportConfiguration;

/** A compiled report template: fills it with rows and gives all its files. */
final class Template {

    /** For people, with pages and grouped digits, and for programs, without. */
    private static final String GROUPED = "#,##0.#########";

    private static final String PLAIN = "0.#########";

    private final JasperReport compiled;

    private Template(JasperReport compiled) {
        this.compiled = compiled;
    }

    /** @param name of a resource that was compiled when the product was built */
    static Template load(String name) {
        try (var resource = Template.class.getResourceAsStream("/reports/" + name + ".jasper")) {
            if (resource == null) {
                throw new IllegalStateException("the template " + name + " was not compiled");
            }
            return new Template((JasperReport) JRLoader.loadObject(resource));
        } catch (JRException | IOException e) {
            throw new IllegalStateException("the template " + name + " cannot be read", e);
        }
    }

    Map<Format, byte[]> export(Map<String, String> parameters, Collection<Map<String, ?>> rows) {
        try {
            var files = new EnumMap<Format, byte[]>(Format.class);
            files.put(Format.PDF, JasperExportManager.exportReportToPdf(fill(parameters, rows, GROUPED, true)));
            files.put(Format.HTML, html(fill(parameters, rows, GROUPED, false)));
            var harmless = new HashMap<>(parameters);
            harmless.replaceAll((name, value) -> Template.harmless(value));
            var plain = fill(
                    harmless,
                    rows.stream().<Map<String, ?>>map(Template::harmless).toList(),
                    PLAIN,
                    false);
            files.put(Format.XLSX, xlsx(plain));
            files.put(Format.CSV, csv(plain));
            return files;
        } catch (JRException e) {
            throw new IllegalStateException("the report cannot be made", e);
        }
    }

    private JasperPrint fill(
            Map<String, String> parameters, Collection<Map<String, ?>> rows, String pattern, boolean pages)
            throws JRException {
        var values = new HashMap<String, Object>(parameters);
        values.put("PATTERN", pattern);
        values.put(JRParameter.REPORT_LOCALE, Locale.ENGLISH);
        values.put(JRParameter.IS_IGNORE_PAGINATION, !pages);
        return JasperFillManager.fillReport(compiled, values, new JRMapCollectionDataSource(rows));
    }

    private static byte[] html(JasperPrint print) throws JRException {
        var out = new ByteArrayOutputStream();
        var exporter = new HtmlExporter();
        exporter.setExporterInput(new SimpleExporterInput(print));
        exporter.setExporterOutput(new SimpleHtmlExporterOutput(out, "UTF-8"));
        exporter.exportReport();
        return out.toByteArray();
    }

    private static byte[] xlsx(JasperPrint print) throws JRException {
        var out = new ByteArrayOutputStream();
        var exporter = new JRXlsxExporter();
        exporter.setExporterInput(new SimpleExporterInput(print));
        exporter.setExporterOutput(new SimpleOutputStreamExporterOutput(out));
        var configuration = new SimpleXlsxReportConfiguration();
        configuration.setDetectCellType(true);
        configuration.setWhitePageBackground(false);
        configuration.setRemoveEmptySpaceBetweenRows(true);
        exporter.setConfiguration(configuration);
        exporter.exportReport();
        return out.toByteArray();
    }

    private static byte[] csv(JasperPrint print) throws JRException {
        var out = new ByteArrayOutputStream();
        var exporter = new JRCsvExporter();
        exporter.setExporterInput(new SimpleExporterInput(print));
        exporter.setExporterOutput(new SimpleWriterExporterOutput(out, "UTF-8"));
        exporter.exportReport();
        return out.toByteArray();
    }

    private static Map<String, Object> harmless(Map<String, ?> row) {
        var values = new HashMap<String, Object>(row);
        values.replaceAll((name, value) -> value instanceof String text ? harmless(text) : value);
        return values;
    }

    /** A name that a spreadsheet would take for a formula is made a text. */
    private static String harmless(String value) {
        return !value.isEmpty() && "=+-@\t\r".indexOf(value.charAt(0)) >= 0 ? "'" + value : value;
    }
}
