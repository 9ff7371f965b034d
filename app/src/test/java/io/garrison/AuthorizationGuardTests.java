package io.garrison;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.lang.ArchRule;
import io.garrison.guards.planted.ui.UiBypass;
import io.garrison.guards.planted.web.WebBypass;
import io.garrison.shell.planted.ShellBypass;
import io.garrison.tenancy.Permission;
import io.garrison.tenancy.Requires;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.stereotype.Component;
import org.springframework.stereotype.Service;

/**
 * Every method by which a module can be called either says which permission it requires, or belongs to an interface that
 * is named here with the reason why it checks none.
 */
class AuthorizationGuardTests {

    /** Interface to reason. */
    private static final Map<String, String> OPEN = new TreeMap<>(Map.ofEntries(
            Map.entry("io.garrison.tenancy.SignIn", "callers have no identity yet"),
            Map.entry("io.garrison.tenancy.Invitations", "proven by a one-time token"),
            Map.entry("io.garrison.tenancy.PasswordResets", "proven by a one-time token"),
            Map.entry(
                    "io.garrison.tenancy.FirstAdministrator", "proven by a one-time token, or called by the launcher"),
            Map.entry("io.garrison.tenancy.Access", "is the check"),
            Map.entry("io.garrison.tenancy.Workspace", "shows what the caller may enter"),
            Map.entry("io.garrison.tenancy.TenantDirectory", "for the system's own work"),
            Map.entry("io.garrison.tenancy.TenantDataOwner", "called by the deletion alone"),
            Map.entry("io.garrison.tenancy.ResellerDirectory", "for the system's own work"),
            Map.entry("io.garrison.tenancy.ResellerTies", "called by checked changes of tenants and resellers"),
            Map.entry("io.garrison.tenancy.Operations", "checks the house of each operation"),
            Map.entry("io.garrison.tenancy.AuditTrail", "records what others were allowed to do"),
            Map.entry("io.garrison.tenancy.SecretVault", "has no rights of its own; its callers check"),
            Map.entry("io.garrison.tenancy.AuditHorizon", "for the system's own work; tells a time and nothing else"),
            Map.entry("io.garrison.licensing.LicenseTime", "tells the time"),
            Map.entry("io.garrison.licensing.TimeEvidence", "asked for the time at start"),
            Map.entry("io.garrison.licensing.AboutInstallation", "tells what everybody who is signed in may know"),
            Map.entry("io.garrison.licensing.InstanceSeats", "called by enrolment and heartbeats"),
            Map.entry("io.garrison.licensing.Consumption", "called by stacks within their own checked calls"),
            Map.entry("io.garrison.licensing.DrainedSeats", "called by heartbeats"),
            Map.entry("io.garrison.licensing.SeatHolders", "called by checked changes of sub-licences"),
            Map.entry("io.garrison.tenancy.CrossTenantAudit", "records what others were allowed to do"),
            Map.entry("io.garrison.licensing.SubLicenses", "called by stacks within their own checked calls"),
            Map.entry("io.garrison.instances.DesiredState", "for edges, known by their certificates"),
            Map.entry("io.garrison.instances.EdgeAdmission", "for edges, known by their certificates"),
            Map.entry("io.garrison.instances.EdgeService", "for edges, known by their certificates"),
            Map.entry("io.garrison.instances.EdgeEnrollment", "for edges, proven by token or certificate"),
            Map.entry("io.garrison.instances.TelemetryIntake", "for edges, known by their certificates"),
            Map.entry("io.garrison.licensing.FederationGateway", "tells an address that every such licence names"),
            Map.entry("io.garrison.licensing.IssuedSubLicenses", "proven by the signed file"),
            Map.entry("io.garrison.licensing.OwnSubLicense", "for the system's own work"),
            Map.entry("io.garrison.instances.SiteAdmission", "for sites, known by signed file, key and certificate"),
            Map.entry("io.garrison.instances.SiteUsageIntake", "for sites, known by their certificates"),
            Map.entry("io.garrison.instances.SiteUsageSource", "called by the site's own reporter"),
            Map.entry("io.garrison.instances.SiteSigner", "its only caller requires USAGE_VIEW"),
            Map.entry("io.garrison.instances.InstanceDirectory", "for the system's own work"),
            Map.entry("io.garrison.instances.DrillHistory", "read by reports, whose start requires TELEMETRY_VIEW"),
            Map.entry("io.garrison.instances.RegisterFlushes", "its only caller requires USAGE_FLUSH")));

    /** What people reach must not go around the checks by calling the system's own interfaces. */
    private static final Set<String> FOR_THE_SYSTEM = Set.of(
            "io.garrison.instances.SiteAdmission",
            "io.garrison.instances.SiteSigner",
            "io.garrison.instances.SiteUsageIntake",
            "io.garrison.instances.SiteUsageSource",
            "io.garrison.licensing.IssuedSubLicenses",
            "io.garrison.licensing.OwnSubLicense",
            "io.garrison.instances.RegisterFlushes",
            "io.garrison.instances.DrillHistory",
            "io.garrison.licensing.Consumption",
            "io.garrison.licensing.DrainedSeats",
            "io.garrison.licensing.InstanceSeats",
            "io.garrison.licensing.SeatHolders",
            "io.garrison.licensing.SubLicenses",
            "io.garrison.tenancy.ResellerDirectory",
            "io.garrison.tenancy.ResellerTies");

    private static final ArchRule ADAPTERS = noClasses()
            .that()
            .resideInAnyPackage("io.garrison..web..", "io.garrison..ui..", "io.garrison.shell..")
            .should()
            .dependOnClassesThat(
                    DescribedPredicate.describe("are for the system", type -> FOR_THE_SYSTEM.contains(type.getName())));

    /** Single methods of interfaces that check otherwise. */
    private static final Map<String, String> OPEN_METHODS =
            Map.of("io.garrison.tenancy.TenantManagement.list", "shows the caller's own tenants only");

    private static final JavaClasses PRODUCT =
            new ClassFileImporter().withImportOption(new DoNotIncludeTests()).importPackages("io.garrison");

    @Test
    void everyServiceMethodRequiresAPermissionOrIsExplained() {
        assertThat(bareMethods(PRODUCT)).isEmpty();
    }

    @Test
    void explainsNothingThatIsNotThere() {
        assertThat(OPEN.keySet()).allMatch(name -> PRODUCT.contain(name), "exists");
    }

    @Test
    void adaptersForPeopleDoNotCallWhatChecksNothing() {
        ADAPTERS.check(PRODUCT);
    }

    @ParameterizedTest
    @ValueSource(classes = {WebBypass.class, UiBypass.class, ShellBypass.class})
    void seesAnAdapterThatCallsWhatChecksNothing(Class<?> planted) {
        assertThat(ADAPTERS.evaluate(new ClassFileImporter().importClasses(planted))
                        .hasViolation())
                .isTrue();
    }

    @Test
    void seesABareMethod() {
        var planted = new ClassFileImporter().importClasses(Api.class, BareService.class);

        assertThat(bareMethods(planted)).singleElement().asString().contains("BareService.open");
    }

    private static List<String> bareMethods(JavaClasses classes) {
        var bare = new TreeSet<String>();
        for (var type : classes) {
            if (type.isAnnotatedWith(Service.class) || type.isAnnotatedWith(Component.class)) {
                for (var api : type.getAllRawInterfaces()) {
                    if (isModuleApi(api) && !OPEN.containsKey(api.getName())) {
                        addBare(type, api, bare);
                    }
                }
            }
        }
        return List.copyOf(bare);
    }

    /** Public interfaces in a module's base package; sub-packages are adapters. */
    private static boolean isModuleApi(JavaClass api) {
        return api.getModifiers().contains(JavaModifier.PUBLIC)
                && (api.getPackageName().matches("io\\.garrison\\.(tenancy|licensing|instances|reporting)")
                        || api.getName().equals(Api.class.getName()));
    }

    private static void addBare(JavaClass type, JavaClass api, TreeSet<String> bare) {
        for (var method : api.getMethods()) {
            if (method.getModifiers().contains(JavaModifier.STATIC)
                    || OPEN_METHODS.containsKey(api.getName() + "." + method.getName())) {
                continue;
            }
            var implementation = type.tryGetMethod(
                    method.getName(),
                    method.getRawParameterTypes().stream()
                            .map(JavaClass::getName)
                            .toArray(String[]::new));
            if (!implementation.map(AuthorizationGuardTests::isGuarded).orElse(false) && !isGuarded(method)) {
                bare.add(type.getName() + "." + method.getName() + " of " + api.getName());
            }
        }
    }

    private static boolean isGuarded(JavaMethod method) {
        return method.isAnnotatedWith(Requires.class) || method.getOwner().isAnnotatedWith(Requires.class);
    }

    public interface Api {
        void closed();

        void open();
    }

    @Service
    @io.garrison.guards.planted.Never
    static class BareService implements Api {

        @Override
        @Requires(Permission.TENANT_VIEW)
        public void closed() {}

        @Override
        public void open() {}
    }
}
