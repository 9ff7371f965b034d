package io.garrison.tenancy;

import static io.garrison.tenancy.TenancyFixture.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.garrison.ModuleTestApplication;
import io.garrison.tenancy.TenancyException.InvitationInvalid;
import io.garrison.tenancy.TenancyException.WrongCredentials;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;

/** Each setting of {@code garrison.auth} at another value than its default, seen at both sides of its limit. */
@SpringBootTest(
        classes = ModuleTestApplication.class,
        properties = {
            "garrison.auth.token-life=2m",
            "garrison.auth.attempts=2",
            "garrison.auth.lockout=3m",
            "garrison.auth.invitation-life=1h",
            "garrison.auth.reset-life=10m",
        })
class AuthSettingsIT {

    @Autowired
    TenantManagement tenants;

    @Autowired
    MemberManagement members;

    @Autowired
    Invitations invitations;

    @Autowired
    PasswordResets resets;

    @Autowired
    SignIn signIn;

    @Autowired
    ModuleTestApplication.TurnableClock clock;

    @Test
    void endsATokenAfterItsLife() {
        var token = signIn.issue(member(), PASSWORD).token();

        clock.forward(Duration.ofSeconds(110));
        assertThat(signIn.byCredential(token)).isPresent();
        clock.forward(Duration.ofSeconds(11));
        assertThat(signIn.byCredential(token)).isEmpty();
    }

    @Test
    void locksAnAccountAfterSoManyAttemptsForSoLong() {
        var email = member();
        wrong(email);
        signIn.verify(email, PASSWORD);
        wrong(email);
        wrong(email);

        assertThatExceptionOfType(WrongCredentials.class).isThrownBy(() -> signIn.verify(email, PASSWORD));
        clock.forward(Duration.ofSeconds(150));
        assertThatExceptionOfType(WrongCredentials.class).isThrownBy(() -> signIn.verify(email, PASSWORD));
        clock.forward(Duration.ofSeconds(40));
        signIn.verify(email, PASSWORD);
    }

    @Test
    void endsAnInvitationAfterItsLife() {
        var inTime = invite(anyEmail());
        var late = invite(anyEmail());

        clock.forward(Duration.ofMinutes(59));
        invitations.accept(inTime.token(), PASSWORD);
        clock.forward(Duration.ofMinutes(2));
        assertThatExceptionOfType(InvitationInvalid.class).isThrownBy(() -> invitations.accept(late.token(), PASSWORD));
    }

    @Test
    void endsALinkForANewPasswordAfterItsLife() {
        var acme = anyTenant(tenants);
        var member = as(platformAdmin(), acme, () -> members.invite(anyEmail(), Role.TENANT_VIEWER));
        invitations.accept(member.token(), PASSWORD);
        var late = as(
                platformAdmin(),
                acme,
                () -> members.resetPassword(member.member().id()));
        clock.forward(Duration.ofMinutes(11));
        assertThatExceptionOfType(InvitationInvalid.class)
                .isThrownBy(() -> resets.redeem(late.token(), "a new password"));

        var inTime = as(
                platformAdmin(),
                acme,
                () -> members.resetPassword(member.member().id()));
        clock.forward(Duration.ofMinutes(9));
        resets.redeem(inTime.token(), "a new password");
    }

    private void wrong(String email) {
        assertThatExceptionOfType(WrongCredentials.class).isThrownBy(() -> signIn.verify(email, "wrong password"));
    }

    private String member() {
        var email = anyEmail();
        invitations.accept(invite(email).token(), PASSWORD);
        return email;
    }

    private MemberManagement.Invited invite(String email) {
        return as(platformAdmin(), anyTenant(tenants), () -> members.invite(email, Role.TENANT_VIEWER));
    }
}
