package io.garrison.tenancy;

import static io.garrison.tenancy.TenancyFixture.PASSWORD;
import static io.garrison.tenancy.TenancyFixture.anyEmail;
import static io.garrison.tenancy.TenancyFixture.superuser;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.garrison.ModuleTestApplication;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

@SpringBootTest(classes = ModuleTestApplication.class)
class FirstAdministratorIT {

    @Autowired
    FirstAdministrator first;

    @Autowired
    SignIn signIn;

    @Autowired
    JdbcClient jdbc;

    @Autowired
    House house;

    @Autowired
    ModuleTestApplication.TurnableClock clock;

    @BeforeEach
    void emptyTheHouse() {
        superuser("delete from tenancy.member where role = 'PLATFORM_ADMIN'");
    }

    @Test
    void isMadeOnceByTheLink() {
        assertThat(first.needed()).isTrue();
        var link = first.oneTimeLink("http://127.0.0.1:8080");
        assertThat(link).startsWith("http://127.0.0.1:8080/setup?token=");
        var token = link.substring(link.indexOf('=') + 1);
        var email = anyEmail();
        assertThatExceptionOfType(TenancyException.Invalid.class)
                .isThrownBy(() -> first.redeem(token, email, "too short"));

        first.redeem(token, email, PASSWORD);

        assertThat(first.needed()).isFalse();
        var who = signIn.byCredential(signIn.issue(email, PASSWORD).token()).orElseThrow();
        assertThat(who.provider()).isEqualTo(Role.PLATFORM_ADMIN);
        assertThatExceptionOfType(TenancyException.InvitationInvalid.class)
                .isThrownBy(() -> first.redeem(token, anyEmail(), PASSWORD));
        assertThatExceptionOfType(TenancyException.InvitationInvalid.class)
                .isThrownBy(() -> first.create(anyEmail(), PASSWORD));
        assertThatExceptionOfType(TenancyException.InvitationInvalid.class)
                .isThrownBy(() -> first.oneTimeLink("http://127.0.0.1:8080"));
    }

    /** Replicas that start at once each tell a link. */
    @Test
    void isMadeByAnyOfSeveralLinksAndThenByNone() {
        var one = first.oneTimeLink("");
        var other = first.oneTimeLink("");

        first.redeem(token(one), anyEmail(), PASSWORD);

        assertThatExceptionOfType(TenancyException.InvitationInvalid.class)
                .isThrownBy(() -> first.redeem(token(other), anyEmail(), PASSWORD));
        emptyTheHouse();
        assertThatExceptionOfType(TenancyException.InvitationInvalid.class)
                .as("gone with the first, not only overruled")
                .isThrownBy(() -> first.redeem(token(other), anyEmail(), PASSWORD));
    }

    @Test
    void refusesALinkThatIsAnHourOld() {
        var old = first.oneTimeLink("");
        clock.forward(Duration.ofMinutes(61));
        assertThatExceptionOfType(TenancyException.InvitationInvalid.class)
                .isThrownBy(() -> first.redeem(token(old), anyEmail(), PASSWORD));
    }

    @Test
    void isOneWhenManyTryAtOnce() {
        List<Future<?>> tries;
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            tries = IntStream.range(0, 6)
                    .<Future<?>>mapToObj(n -> threads.submit(() -> first.create(anyEmail(), PASSWORD)))
                    .toList();
        }

        assertThat(tries)
                .filteredOn(attempt -> attempt.state() == Future.State.SUCCESS)
                .hasSize(1);
    }

    /** What a statement that somebody smuggles into a tenant's request could see. */
    @Test
    void showsATenantsConnectionNeitherPasswordsNorTokens() {
        var tenant = TenantId.parse("7d444840-9dc0-11d1-b245-5ffdce74fad2");
        for (var secret : List.of(
                "select password_hash from tenancy.account",
                "select token_hash from tenancy.access_token",
                "select key_hash from tenancy.api_key",
                "select * from tenancy.setup_token",
                "select * from tenancy.deletion_certificate",
                "update tenancy.audit_entry set action = 'x'",
                "delete from tenancy.audit_entry",
                "set role garrison_provider")) {
            assertThatExceptionOfType(DataAccessException.class)
                    .as(secret)
                    .isThrownBy(() -> CurrentTenant.callAs(
                            tenant, () -> house.write(() -> jdbc.sql(secret).update())))
                    .havingRootCause()
                    .withMessageContaining("permission denied");
        }
    }

    @Test
    void keepsTheProvidersScopeAwayFromATenant() {
        var tenant = TenantId.parse("7d444840-9dc0-11d1-b245-5ffdce74fad2");

        assertThatIllegalStateException()
                .isThrownBy(() -> CurrentTenant.callAs(tenant, () -> ProviderScope.call(() -> 1)));
        assertThat(ProviderScope.call(this::databaseRole)).isEqualTo("garrison_provider");
        assertThat(ProviderScope.call(() -> CurrentTenant.callAs(tenant, this::databaseRole)))
                .isEqualTo("garrison_app");
        assertThat(databaseRole()).isEqualTo("garrison_app");
    }

    private String databaseRole() {
        return jdbc.sql("select current_user").query(String.class).single();
    }

    private static String token(String link) {
        return link.substring(link.indexOf('=') + 1);
    }
}
