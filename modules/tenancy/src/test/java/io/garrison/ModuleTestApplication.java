package io.garrison;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;
import org.springframework.modulith.Modulithic;

@Modulithic(sharedModules = "tenancy")
@SpringBootApplication
public class ModuleTestApplication {

    @Bean
    @Primary
    TurnableClock turnableClock() {
        return new TurnableClock();
    }

    /** The real time, until a test turns it forward. */
    public static final class TurnableClock extends Clock {
        private volatile Duration ahead = Duration.ZERO;

        public void forward(Duration by) {
            ahead = ahead.plus(by);
        }

        @Override
        public Instant instant() {
            return InstantSource.system().instant().plus(ahead);
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
