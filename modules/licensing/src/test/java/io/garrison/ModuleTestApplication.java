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

    @Bean
    @Primary
    SettableClock settableClock() {
        return new SettableClock();
    }
}
