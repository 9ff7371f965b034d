package io.garrison.shell;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.vaadin.flow.component.dependency.CssImport;
import com.vaadin.flow.component.dependency.JsModule;
import com.vaadin.flow.component.dependency.NpmPackage;
import com.vaadin.flow.router.Route;
import io.garrison.tenancy.ui.Screen;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What the console may not do to its own build and to its readers. */
class FrontendTests {

    /** Pages that everybody may open: the way in, and what sends them on. */
    /** What everybody may open; {@code licence} tells those without the right only that none is loaded. */
    private static final Set<String> OPEN = Set.of("login", "setup", "invitation", "password", "licence", "");

    private final List<JavaClass> classes = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS).importPackages("io.garrison").stream()
                    .filter(resideInAPackage("io.garrison.."))
                    .toList();

    @Test
    void needsNoCompiledFrontend() {
        assertThat(classes)
                .noneMatch(one -> one.isAnnotatedWith(CssImport.class) || one.isAnnotatedWith(NpmPackage.class));
        assertThat(classes)
                .filteredOn(one -> one.isAnnotatedWith(JsModule.class))
                .isNotEmpty()
                .allMatch(one -> one.getAnnotationOfType(JsModule.class).value().startsWith("context://"));
    }

    @Test
    void asksForAPermissionOnEveryPage() {
        var pages = pages();
        assertThat(pages).hasSizeGreaterThan(10);
        assertThat(pages)
                .filteredOn(one ->
                        !OPEN.contains(one.getAnnotationOfType(Route.class).value()))
                .allMatch(one -> one.isAnnotatedWith(Screen.class));
    }

    @Test
    void namesTheTenantInTheAddressOfEveryPageAboutOne() {
        assertThat(pages())
                .filteredOn(one -> one.isAnnotatedWith(Screen.class))
                .allMatch(one -> one.getAnnotationOfType(Screen.class).ofTenant()
                        == one.getAnnotationOfType(Route.class).value().startsWith("t/:tenant"));
    }

    @Test
    void carriesNoCommercialComponent() {
        assertThat(getClass().getResource("/META-INF/VAADIN/webapp/VAADIN/build"))
                .isNotNull();
        var files = new java.io.File(getClass()
                        .getResource("/META-INF/VAADIN/webapp/VAADIN/build")
                        .getPath())
                .list();
        assertThat(files).isNotEmpty().noneMatch(name -> name.startsWith("vaadin-chart"));
    }

    private List<JavaClass> pages() {
        return classes.stream().filter(one -> one.isAnnotatedWith(Route.class)).toList();
    }
}
