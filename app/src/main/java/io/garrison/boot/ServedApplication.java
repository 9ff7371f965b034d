package io.garrison.boot;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.flywaydb.core.Flyway;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringApplication.AbandonedRunException;
import org.springframework.boot.SpringApplicationRunListener;
import org.springframework.boot.bootstrap.ConfigurableBootstrapContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.springframework.modulith.core.ApplicationModuleIdentifiers;
import org.springframework.modulith.core.ApplicationModules;
import org.springframework.modulith.runtime.flyway.HasMigrationFiles;
import org.springframework.modulith.runtime.flyway.SpringModulithFlywayMigrationStrategy;

/** The application alone, with settings from the environment and from files. */
final class ServedApplication {

    private final Class<?> application;
    private final ServeArguments arguments;

    ServedApplication(Class<?> application, ServeArguments arguments) {
        this.application = application;
        this.arguments = arguments;
    }

    /** Settings are missing or make no sense; each message is a sentence for people. */
    static final class Unfit extends Exception {

        private static final long serialVersionUID = 1L;

        private final List<String> faults;

        Unfit(List<String> faults) {
            super(String.join("; ", faults));
            this.faults = List.copyOf(faults);
        }

        List<String> faults() {
            return faults;
        }
    }

    /** Starts it. Schemas are brought up to date first if the owner's role is among the settings. */
    ConfigurableApplicationContext serve() throws Unfit {
        var spring = spring();
        var watch = new Watch(files(), ServeSettings::faultsToServe, false);
        var started = new ConfigurableApplicationContext[1];
        run(watch, () -> started[0] = spring.run());
        return started[0];
    }

    /**
     * Brings the schemas up to date, in the same steps as a start does. Of several at once one migrates while the others
     * wait.
     */
    void migrate() throws Unfit {
        var spring = spring();
        var watch = new Watch(files(), ServeSettings::faultsToMigrate, true);
        run(watch, spring::run);
        var settings = watch.environment();
        var flyway = Flyway.configure()
                .dataSource(
                        settings.getRequiredProperty("spring.flyway.url"),
                        settings.getRequiredProperty(ServeSettings.OWNER),
                        settings.getRequiredProperty(ServeSettings.OWNER_PASSWORD))
                .load();
        var modules = ApplicationModuleIdentifiers.of(ApplicationModules.of(application));
        new SpringModulithFlywayMigrationStrategy(
                        modules, new HasMigrationFiles(new PathMatchingResourcePatternResolver()))
                .migrate(flyway);
    }

    private Map<String, Object> files() throws Unfit {
        try {
            return arguments.fromFiles();
        } catch (IOException e) {
            throw new Unfit(List.of("a file of settings cannot be read: " + e));
        }
    }

    private static void run(Watch watch, Runnable spring) throws Unfit {
        try {
            SpringApplication.withHook(ignored -> watch, spring);
        } catch (AbandonedRunException e) {
            if (!watch.faults.isEmpty()) {
                throw new Unfit(watch.faults);
            }
        }
    }

    private SpringApplication spring() {
        var defaults = new LinkedHashMap<String, Object>();
        defaults.put("spring.flyway.url", "${spring.datasource.url}");
        var spring = new SpringApplication(application);
        spring.setRegisterShutdownHook(false); // whoever started it closes it
        spring.setDefaultProperties(defaults);
        return spring;
    }

    /** Looks at the settings when all are known, before anything is made of them. */
    private static final class Watch implements SpringApplicationRunListener {

        private final Map<String, Object> files;
        private final Function<ConfigurableEnvironment, List<String>> judge;
        private final boolean settingsOnly;
        private final List<String> faults = new ArrayList<>();
        private @Nullable ConfigurableEnvironment environment;

        Watch(Map<String, Object> files, Function<ConfigurableEnvironment, List<String>> judge, boolean settingsOnly) {
            this.files = files;
            this.judge = judge;
            this.settingsOnly = settingsOnly;
        }

        ConfigurableEnvironment environment() {
            if (environment == null) {
                throw new IllegalStateException("the settings are not known yet");
            }
            return environment;
        }

        @Override
        public void environmentPrepared(
                ConfigurableBootstrapContext bootstrapContext, ConfigurableEnvironment environment) {
            this.environment = environment;
            var sources = environment.getPropertySources();
            // The environment says how this process differs from others with the same files.
            sources.addAfter(
                    StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
                    new MapPropertySource("settings", files));
            faults.addAll(judge.apply(environment));
            if (settingsOnly || !faults.isEmpty()) {
                throw new AbandonedRunException();
            }
            if (!ServeSettings.migrates(environment)) {
                sources.addFirst(new MapPropertySource("no-owner", Map.of("spring.flyway.enabled", "false")));
            }
        }
    }
}
