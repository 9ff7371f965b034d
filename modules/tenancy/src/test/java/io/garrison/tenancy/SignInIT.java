package io.garrison.tenancy;

import static io.garrison.tenancy.TenancyFixture.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.garrison.ModuleTestApplication;
import io.garrison.tenancy.TenancyException.*;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;

@SpringBootTest(classes = ModuleTestApplication.class)
class SignInIT {

    @Autowired
    TenantManagement tenants;

    @Autowired
    MemberManagement members;

    @Autowired
    ApiKeyManagement keys;

    @Autowired
    Invitations invitations;

    @Autowired
    PasswordResets resets;

    @Autowired
    SignIn signIn;

    @Autowired
    ActAs actAs;

    @Autowired
    AuditLog log;

    @Autowired
    AuditTrail audit;

    @Autowired
    House house;

    @Autowired
    ModuleTestApplication.TurnableClock clock;

    @Test
    void letsAnInvitedMemberInOnceTheyHaveSetAPassword() {
        var acme = anyTenant(tenants);
        var email = anyEmail();
        var invited = invite(acme, email, Role.TENANT_EDITOR);
        assertThatExceptionOfType(WrongCredentials.class).isThrownBy(() -> signIn.issue(email, PASSWORD));

        invitations.accept(invited.token(), PASSWORD);

        var who = signIn.byCredential(signIn.issue(email, PASSWORD).token()).orElseThrow();
        assertThat(who.mayEnter(acme)).isTrue();
        assertThat(who.memberships().get(acme).role()).isEqualTo(Role.TENANT_EDITOR);
        assertThatExceptionOfType(InvitationInvalid.class)
                .isThrownBy(() -> invitations.accept(invited.token(), PASSWORD));
    }

    @Test
    void refusesAnInvitationThatHasExpired() {
        var acme = anyTenant(tenants);
        var invited = invite(acme, anyEmail(), Role.TENANT_VIEWER);
        clock.forward(Duration.ofDays(8));

        assertThatExceptionOfType(InvitationInvalid.class)
                .isThrownBy(() -> invitations.accept(invited.token(), PASSWORD));
    }

    @Test
    void refusesAShortPasswordAndTheAddressAsPasswordAndKeepsTheInvitation() {
        var acme = anyTenant(tenants);
        var email = anyEmail();
        var invited = invite(acme, email, Role.TENANT_VIEWER);

        assertThatExceptionOfType(Invalid.class).isThrownBy(() -> invitations.accept(invited.token(), "elevenchars"));
        assertThatExceptionOfType(Invalid.class)
                .isThrownBy(() -> invitations.accept(invited.token(), email.toUpperCase()));

        invitations.accept(invited.token(), PASSWORD);
    }

    @Test
    void doesNotLetAnInviterTakeOverAnExistingAccount() {
        var acme = anyTenant(tenants);
        var email = memberOf(acme, Role.TENANT_ADMIN);
        var mallory = anyTenant(tenants);
        var invited = invite(mallory, email, Role.TENANT_ADMIN);

        invitations.accept(invited.token(), "another password");

        assertThat(signedIn(email, PASSWORD).memberships()).containsOnlyKeys(acme);
        assertThat(signedIn(email, "another password").memberships()).containsOnlyKeys(mallory);
    }

    @Test
    void doesNotLetWhoClaimsAnAddressFirstKeepItsOwnerOut() {
        var mallory = anyTenant(tenants);
        var email = anyEmail();
        invitations.accept(invite(mallory, email, Role.TENANT_ADMIN).token(), "another password");
        var acme = anyTenant(tenants);

        invitations.accept(invite(acme, email, Role.TENANT_EDITOR).token(), PASSWORD);

        assertThat(signedIn(email, PASSWORD).memberships()).containsOnlyKeys(acme);
        assertThat(signedIn(email, "another password").memberships()).containsOnlyKeys(mallory);
    }

    @Test
    void makesOnePersonOfWhoeverHasOnePasswordInTwoHouses() {
        var acme = anyTenant(tenants);
        var email = memberOf(acme, Role.TENANT_ADMIN);
        var before = signIn.verify(email, PASSWORD);
        var other = anyTenant(tenants);
        invitations.accept(invite(other, email, Role.TENANT_VIEWER).token(), PASSWORD);

        var who = signedIn(email, PASSWORD);

        assertThat(who.memberships()).containsOnlyKeys(acme, other);
        assertThat(who.id()).isEqualTo(before);
    }

    /** Else who has an account of an address could try passwords of another one without end, or lock it. */
    @Test
    void keepsTheCountOfWrongPasswordsOfEachHouseApart() {
        var acme = anyTenant(tenants);
        var email = memberOf(acme, Role.TENANT_ADMIN);
        var mallory = anyTenant(tenants);
        invitations.accept(invite(mallory, email, Role.TENANT_ADMIN).token(), "another password");
        for (int i = 0; i < 7; i++) {
            signIn.verify(email, "another password");
        }
        assertThat(signedIn(email, PASSWORD).memberships())
                .as("not locked by them")
                .containsOnlyKeys(acme);

        for (int i = 0; i < 5; i++) {
            assertThatExceptionOfType(WrongCredentials.class).isThrownBy(() -> signIn.verify(email, "wrong password"));
            if (i < 4) {
                signIn.verify(email, "another password");
            }
        }

        assertThatExceptionOfType(WrongCredentials.class)
                .as("not opened by them")
                .isThrownBy(() -> signIn.verify(email, PASSWORD));
    }

    @Test
    void setsANewPasswordOnceByALinkAndEndsWhatWasOpen() {
        var acme = anyTenant(tenants);
        memberOf(acme, Role.TENANT_ADMIN);
        var email = memberOf(acme, Role.TENANT_EDITOR);
        var open = signIn.issue(email, PASSWORD).token();
        var member = memberOf(acme, email);
        var link = as(admin(acme), acme, () -> members.resetPassword(member.id()));
        var second = as(admin(acme), acme, () -> members.resetPassword(member.id()));
        assertThatExceptionOfType(InvitationInvalid.class)
                .as("the newer link counts")
                .isThrownBy(() -> resets.redeem(link.token(), "a new password"));
        assertThatExceptionOfType(Invalid.class).isThrownBy(() -> resets.redeem(second.token(), "elevenchars"));
        assertThat(signedIn(email, PASSWORD).memberships()).containsOnlyKeys(acme);

        resets.redeem(second.token(), "a new password");

        assertThat(signedIn(email, "a new password").memberships().get(acme).role())
                .isEqualTo(Role.TENANT_EDITOR);
        assertThat(signIn.byCredential(open)).isEmpty();
        assertThatExceptionOfType(WrongCredentials.class).isThrownBy(() -> signIn.verify(email, PASSWORD));
        assertThatExceptionOfType(InvitationInvalid.class)
                .isThrownBy(() -> resets.redeem(second.token(), "a new password"));
        assertThat(as(admin(acme), acme, () -> log.list(0, 5)).items())
                .extracting(AuditEntry::action)
                .startsWith("member.password-reset", "member.reset-offered", "member.reset-offered");
    }

    /** A tenant's administrator may have kept the link. */
    @Test
    void leavesOtherHousesAsTheyAreWhenAPasswordIsReset() {
        var acme = anyTenant(tenants);
        var email = memberOf(acme, Role.TENANT_ADMIN);
        var mallory = anyTenant(tenants);
        invitations.accept(invite(mallory, email, Role.TENANT_VIEWER).token(), PASSWORD);
        assertThat(signedIn(email, PASSWORD).memberships()).containsOnlyKeys(acme, mallory);
        var member = memberOf(mallory, email);

        var link = as(admin(mallory), mallory, () -> members.resetPassword(member.id()));
        resets.redeem(link.token(), "a new password");

        assertThat(signedIn(email, PASSWORD).memberships()).containsOnlyKeys(acme);
        assertThat(signedIn(email, "a new password").memberships()).containsOnlyKeys(mallory);
    }

    @Test
    void resetsPasswordsForAdministratorsOfTheHouseOnly() {
        var acme = anyTenant(tenants);
        var email = memberOf(acme, Role.TENANT_VIEWER);
        var member = memberOf(acme, email);
        var invited = invite(acme, anyEmail(), Role.TENANT_VIEWER);
        var editor = SignedIn.member(java.util.UUID.randomUUID(), "e", acme, Role.TENANT_EDITOR);
        var other = anyTenant(tenants);
        var acting = signIn.byCredential(as(staff(Role.OPERATOR), acme, () -> actAs.begin("asked", "T-1", 30))
                        .token())
                .orElseThrow();

        assertThatExceptionOfType(Forbidden.class)
                .isThrownBy(() -> as(editor, acme, () -> members.resetPassword(member.id())));
        assertThatExceptionOfType(Forbidden.class)
                .isThrownBy(() -> as(acting, acme, () -> members.resetPassword(member.id())));
        assertThatExceptionOfType(TenancyException.NotFound.class)
                .isThrownBy(() -> as(admin(other), other, () -> members.resetPassword(member.id())));
        assertThatExceptionOfType(TenancyException.NotJoined.class)
                .isThrownBy(() -> as(
                        admin(acme),
                        acme,
                        () -> members.resetPassword(invited.member().id())));
    }

    private SignedIn signedIn(String email, String password) {
        return signIn.byCredential(signIn.issue(email, password).token()).orElseThrow();
    }

    private MemberManagement.Member memberOf(TenantId tenant, String email) {
        return as(platformAdmin(), tenant, () -> members.list(null, 50)).items().stream()
                .filter(member -> member.email().equals(email))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void doesNotLetWhoMadeTheAccountIntoATenantThatInvitesItLater() {
        var mallory = anyTenant(tenants);
        var email = memberOf(mallory, Role.TENANT_ADMIN);
        var acme = anyTenant(tenants);

        invite(acme, email, Role.TENANT_ADMIN);

        var who = signIn.byCredential(signIn.issue(email, PASSWORD).token()).orElseThrow();
        assertThat(who.mayEnter(acme)).isFalse();
    }

    @Test
    void locksTheAccountAfterFiveWrongPasswordsForAQuarterOfAnHour() {
        var email = memberOf(anyTenant(tenants), Role.TENANT_VIEWER);
        for (int i = 0; i < 5; i++) {
            assertThatExceptionOfType(WrongCredentials.class).isThrownBy(() -> signIn.verify(email, "wrong password"));
        }

        assertThatExceptionOfType(WrongCredentials.class).isThrownBy(() -> signIn.verify(email, PASSWORD));
        clock.forward(Duration.ofMinutes(16));
        signIn.verify(email, PASSWORD);
    }

    @Test
    void forgetsWrongPasswordsAfterARightOne() {
        var email = memberOf(anyTenant(tenants), Role.TENANT_VIEWER);
        for (int i = 0; i < 12; i++) {
            var wrong = i % 4 != 3;
            if (wrong) {
                assertThatExceptionOfType(WrongCredentials.class)
                        .isThrownBy(() -> signIn.verify(email, "wrong password"));
            } else {
                signIn.verify(email, PASSWORD);
            }
        }
    }

    @Test
    void checksNoMoreThanFivePasswordsThatAreTriedAtOnce() throws Exception {
        var email = memberOf(anyTenant(tenants), Role.TENANT_VIEWER);
        List<Future<Object>> tries;
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Callable<Object> wrong = () -> signIn.verify(email, "wrong password");
            tries = threads.invokeAll(java.util.Collections.nCopies(12, wrong));
        }
        assertThat(tries).allMatch(attempt -> attempt.state() == Future.State.FAILED);
        assertThatExceptionOfType(WrongCredentials.class).isThrownBy(() -> signIn.verify(email, PASSWORD));
    }

    @Test
    void tellsUnknownAndWrongAndLockedAlike() {
        var email = memberOf(anyTenant(tenants), Role.TENANT_VIEWER);

        var wrong = org.assertj.core.api.Assertions.catchThrowableOfType(
                WrongCredentials.class, () -> signIn.issue(email, "wrong password"));
        var unknown = org.assertj.core.api.Assertions.catchThrowableOfType(
                WrongCredentials.class, () -> signIn.issue(anyEmail(), "wrong password"));

        assertThat(unknown).hasMessage(wrong.getMessage());
        assertThat(unknown.code()).isEqualTo(wrong.code());
    }

    @Test
    void endsATokenByTimeAndBySigningOut() {
        var email = memberOf(anyTenant(tenants), Role.TENANT_VIEWER);
        var revoked = signIn.issue(email, PASSWORD).token();
        var expiring = signIn.issue(email, PASSWORD).token();

        signIn.revoke(revoked);
        assertThat(signIn.byCredential(revoked)).isEmpty();
        assertThat(signIn.byCredential(expiring)).isPresent();
        clock.forward(Duration.ofMinutes(16));
        assertThat(signIn.byCredential(expiring)).isEmpty();
    }

    @Test
    void takesAwayTheRightsOfATokenWithTheMembership() {
        var acme = anyTenant(tenants);
        memberOf(acme, Role.TENANT_ADMIN);
        var email = anyEmail();
        var invited = invite(acme, email, Role.TENANT_VIEWER);
        invitations.accept(invited.token(), PASSWORD);
        var token = signIn.issue(email, PASSWORD).token();

        as(platformAdmin(), acme, () -> {
            members.remove(invited.member().id(), -1);
            return true;
        });

        assertThat(signIn.byCredential(token)).isEmpty();
    }

    @Test
    void leavesMembersOfASuspendedTenantTheRightToLook() {
        var acme = anyTenant(tenants);
        var email = memberOf(acme, Role.TENANT_ADMIN);
        var token = signIn.issue(email, PASSWORD).token();

        as(platformAdmin(), acme, tenants::suspend);

        var who = signIn.byCredential(token).orElseThrow();
        assertThat(who.may(Permission.STACK_VIEW, java.util.Optional.of(acme))).isTrue();
        assertThat(who.may(Permission.STACK_MANAGE, java.util.Optional.of(acme)))
                .isFalse();
    }

    @Test
    void letsAnApiKeyActInItsTenantUntilItIsRevokedOrExpires() {
        var acme = anyTenant(tenants);
        var other = anyTenant(tenants);
        var revoked = as(platformAdmin(), acme, () -> keys.create("ci", Role.TENANT_EDITOR, 1));
        var expiring = as(platformAdmin(), acme, () -> keys.create("ci", Role.TENANT_EDITOR, 1));

        var who = signIn.byCredential(revoked.key()).orElseThrow();
        assertThat(revoked.key()).startsWith("grk_");
        assertThat(who.mayEnter(acme)).isTrue();
        assertThat(who.mayEnter(other)).isFalse();

        as(platformAdmin(), acme, () -> {
            keys.revoke(revoked.apiKey().id(), 1);
            return true;
        });
        assertThat(signIn.byCredential(revoked.key())).isEmpty();
        assertThat(signIn.byCredential(expiring.key())).isPresent();
        clock.forward(Duration.ofHours(25));
        assertThat(signIn.byCredential(expiring.key())).isEmpty();
    }

    @Test
    void givesNobodyAKeyBeyondTheirOwnRights() {
        var acme = anyTenant(tenants);

        assertThatExceptionOfType(Invalid.class)
                .isThrownBy(() -> as(admin(acme), acme, () -> keys.create("ci", Role.OPERATOR, 1)));
        assertThatExceptionOfType(Forbidden.class)
                .isThrownBy(() -> as(
                        SignedIn.member(java.util.UUID.randomUUID(), "e", acme, Role.TENANT_EDITOR),
                        acme,
                        () -> keys.create("ci", Role.TENANT_VIEWER, 1)));
    }

    @Test
    void actsInOneTenantInFullViewOfItsAudit() {
        var acme = anyTenant(tenants);
        var other = anyTenant(tenants);
        var operator = staff(Role.OPERATOR);

        var token = as(operator, acme, () -> actAs.begin("customer asked", "T-1", 30))
                .token();

        var who = signIn.byCredential(token).orElseThrow();
        assertThat(who.mayEnter(acme)).isTrue();
        assertThat(who.mayEnter(other)).isFalse();
        assertThat(who.may(Permission.POLICY_EDIT, java.util.Optional.of(acme))).isTrue();
        assertThat(who.may(Permission.TENANT_VIEW, java.util.Optional.empty())).isFalse();
        as(who, acme, () -> {
            house.write(() -> audit.record("stack.created", "stack", "edge", java.util.Map.of()));
            return true;
        });
        var newest = as(admin(acme), acme, () -> log.list(0, 5)).items();
        assertThat(newest).extracting(AuditEntry::action).containsExactly("stack.created", "act-as.began");
        assertThat(newest.getFirst().actor().onBehalf()).isEqualTo("customer asked (T-1)");
        clock.forward(Duration.ofMinutes(31));
        assertThat(signIn.byCredential(token)).isEmpty();
    }

    /** Else an hour in the tenant would be for ever. */
    @Test
    void leavesNobodyAWayInBehindAnActAsSession() {
        var acme = anyTenant(tenants);
        var token = as(staff(Role.OPERATOR), acme, () -> actAs.begin("customer asked", "T-1", 30))
                .token();
        var who = signIn.byCredential(token).orElseThrow();

        assertThatExceptionOfType(Forbidden.class)
                .isThrownBy(() -> as(who, acme, () -> keys.create("mine", Role.TENANT_VIEWER, 1)));
        assertThatExceptionOfType(Forbidden.class)
                .isThrownBy(() -> as(who, acme, () -> members.invite(anyEmail(), Role.TENANT_VIEWER)));
        assertThat(as(who, acme, () -> members.list(null, 10)).items()).isEmpty();
    }

    @Test
    void endsAnActAsSessionWithTheRightToBeginOne() {
        var acme = anyTenant(tenants);
        var email = anyEmail();
        var invited = as(platformAdmin(), () -> members.invite(email, Role.OPERATOR));
        invitations.accept(invited.token(), PASSWORD);
        var token = as(signedIn(email, PASSWORD), acme, () -> actAs.begin("customer asked", "T-1", 30))
                .token();
        assertThat(signIn.byCredential(token)).isPresent();

        as(platformAdmin(), () -> members.change(invited.member().id(), Role.AUDITOR, -1));

        assertThat(signIn.byCredential(token)).isEmpty();
        assertThat(signedIn(email, PASSWORD).mayEnter(acme)).isTrue();
    }

    /** A program has nobody who answers for it. */
    @Test
    void letsNoApiKeyBeginAnActAsSession() {
        var acme = anyTenant(tenants);
        var key = as(platformAdmin(), () -> keys.create("ci", Role.OPERATOR, 1)).key();
        var program = signIn.byCredential(key).orElseThrow();

        assertThatExceptionOfType(Forbidden.class)
                .isThrownBy(() -> as(program, acme, () -> actAs.begin("customer asked", "T-1", 30)));
    }

    @Test
    void limitsAnActAsSessionToEightHours() {
        var acme = anyTenant(tenants);

        assertThatExceptionOfType(Invalid.class)
                .isThrownBy(() -> as(platformAdmin(), acme, () -> actAs.begin("r", "t", 481)));
    }

    private SignedIn staff(Role role) {
        var email = anyEmail();
        var invited = as(platformAdmin(), () -> members.invite(email, role));
        invitations.accept(invited.token(), PASSWORD);
        return signIn.byCredential(signIn.issue(email, PASSWORD).token()).orElseThrow();
    }

    private String memberOf(TenantId tenant, Role role) {
        var email = anyEmail();
        invitations.accept(invite(tenant, email, role).token(), PASSWORD);
        return email;
    }

    private MemberManagement.Invited invite(TenantId tenant, String email, Role role) {
        return as(platformAdmin(), tenant, () -> members.invite(email, role));
    }
}
