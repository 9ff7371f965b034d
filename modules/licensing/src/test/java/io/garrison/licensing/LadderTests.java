package io.garrison.licensing;

import static io.garrison.licensing.SubLicenseState.ACTIVE;
import static io.garrison.licensing.SubLicenseState.EXPIRING;
import static io.garrison.licensing.SubLicenseState.FROZEN;
import static io.garrison.licensing.SubLicenseState.GRACE;
import static io.garrison.licensing.SubLicenseState.RESTRICTED;
import static io.garrison.licensing.SubLicenseState.REVOKED;
import static io.garrison.licensing.SubLicenseState.SCHEDULED;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class LadderTests {

    private static final Instant FROM = Instant.parse("2026-01-01T00:00:00Z");
    private static final Instant UNTIL = Instant.parse("2027-01-01T00:00:00Z");
    private static final Duration DAY = Duration.ofDays(1);

    @Test
    void changesRungsToTheInstant() {
        assertThat(at(FROM.minusMillis(1))).isEqualTo(SCHEDULED);
        assertThat(at(FROM)).isEqualTo(ACTIVE);
        assertThat(at(UNTIL.minus(DAY.multipliedBy(30)).minusMillis(1))).isEqualTo(ACTIVE);
        assertThat(at(UNTIL.minus(DAY.multipliedBy(30)))).isEqualTo(EXPIRING);
        assertThat(at(UNTIL.minusMillis(1))).isEqualTo(EXPIRING);
        assertThat(at(UNTIL)).isEqualTo(GRACE);
        assertThat(at(UNTIL.plus(DAY.multipliedBy(14)).minusMillis(1))).isEqualTo(GRACE);
        assertThat(at(UNTIL.plus(DAY.multipliedBy(14)))).isEqualTo(RESTRICTED);
        assertThat(at(UNTIL.plus(DAY.multipliedBy(44)).minusMillis(1))).isEqualTo(RESTRICTED);
        assertThat(at(UNTIL.plus(DAY.multipliedBy(44)))).isEqualTo(FROZEN);
    }

    @Test
    void goesFromExpiryToRestrictionWithoutGrace() {
        assertThat(Ladder.at(UNTIL, FROM, UNTIL, 0, null)).isEqualTo(RESTRICTED);
    }

    @Test
    void staysRevoked() {
        assertThat(Ladder.at(FROM, FROM, UNTIL, 14, FROM)).isEqualTo(REVOKED);
        assertThat(Ladder.at(UNTIL, FROM, UNTIL, 14, FROM)).isEqualTo(REVOKED);
    }

    private static SubLicenseState at(Instant now) {
        return Ladder.at(now, FROM, UNTIL, 14, null);
    }
}
