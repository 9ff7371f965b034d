package io.garrison.tenancy.ui;

import static org.assertj.core.api.Assertions.assertThat;

import io.garrison.tenancy.Actor;
import io.garrison.tenancy.AuditEntry;
import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AuditListTests {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                "{\"slug\":\"north\",\"name\":\"North Ltd\"} | tenant North Ltd",
                "{\"before\":{\"name\":\"Old\"},\"after\":{\"name\":\"New\"}} | tenant New",
                "{\"slug\":\"north\"} | tenant north",
                "{\"name\":7} | tenant 17",
                "{} | tenant 17",
            })
    void callsAnObjectByItsNameWhereTheDetailsHaveOne(String details, String which) {
        var entry =
                new AuditEntry(1, null, Instant.EPOCH, Actor.system("test"), "tenant.changed", "tenant", "17", details);

        assertThat(AuditList.which(entry)).isEqualTo(which);
    }
}
