package io.garrison.reporting.jasper;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import net.sf.jasperreports.engine.JRException;
import net.sf.jasperreports.engine.JasperCompileManager;

/**
 * Runs at build time only: compiles {@code *.jrxml} to {@code *.jasper}, so that a broken template fails the build and
 * no template compiler is part of the product. A template is code; it never comes from a user.
 */
public final class CompileTemplates {

    private CompileTemplates() {}

    public static void main(String[] args) throws IOException, JRException {
        try (var files = Files.walk(Path.of(args[0]))) {
            for (var source :
                    files.filter(file -> file.toString().endsWith(".jrxml")).toList()) {
                var compiled = source.toString().replace(".jrxml", ".jasper");
                JasperCompileManager.compileReportToFile(source.toString(), compiled);
            }
        }
    }
}
