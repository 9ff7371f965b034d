package io.garrison;

import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;
import org.springframework.modulith.Modulithic;
import org.springframework.scheduling.annotation.EnableAsync;

@EnableAsync
@Modulithic(sharedModules = "tenancy")
@SpringBootApplication
class ModuleTestApplication {

    /** One for all contexts of a run: they share a database, and time in it does not go back. */
    private static final SettableClock CLOCK = new SettableClock();

    @Bean
    @Primary
    SettableClock settableClock() {
        return CLOCK;
    }
}
