package io.garrison.tenancy;

import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;

@Service
class FirstAdministratorService implements FirstAdministrator {
    private static final Duration LINK_LIFE = Duration.ofHours(1);

    private final JdbcClient jdbc;
    private final House house;
    private final Members members;
    private final AuditTrail audit;
    private final NewAccounts newAccounts;

    FirstAdministratorService(
            JdbcClient jdbc, House house, Members members, AuditTrail audit, NewAccounts newAccounts) {
        this.jdbc = jdbc;
        this.house = house;
        this.members = members;
        this.audit = audit;
        this.newAccounts = newAccounts;
    }

    @Override
    public boolean needed() {
        return !house.read(() -> members.hasAcceptedHolderOf(Role.PLATFORM_ADMIN));
    }

    @Override
    public void create(String email, String password) {
        var account = newAccounts.check(email, password);
        house.write(() -> make(account));
    }

    @Override
    public String oneTimeLink(String baseUrl) {
        var token = Secrets.random("grs_");
        var expiresAt = newAccounts.now().plus(LINK_LIFE);
        house.write(() -> {
            if (members.hasAcceptedHolderOf(Role.PLATFORM_ADMIN)) {
                throw new TenancyException.InvitationInvalid();
            }
            // The links of other replicas, which start at the same time, stay valid.
            jdbc.sql("delete from tenancy.setup_token where expires_at <= ?")
                    .param(Accounts.at(newAccounts.now()))
                    .update();
            jdbc.sql("insert into tenancy.setup_token (token_hash, expires_at) values (?, ?)")
                    .params(Secrets.hash(token), Accounts.at(expiresAt))
                    .update();
        });
        return baseUrl + "/setup?token=" + token;
    }

    @Override
    public void redeem(String token, String email, String password) {
        var hash = Secrets.hash(token);
        if (!house.read(() -> isValid(hash))) {
            throw new TenancyException.InvitationInvalid();
        }
        var account = newAccounts.check(email, password);
        house.write(() -> {
            if (jdbc.sql("delete from tenancy.setup_token where token_hash = ? and expires_at > ?")
                            .params(hash, Accounts.at(newAccounts.now()))
                            .update()
                    != 1) {
                throw new TenancyException.InvitationInvalid();
            }
            make(account);
        });
    }

    private boolean isValid(byte[] hash) {
        return jdbc.sql("select exists (select from tenancy.setup_token where token_hash = ? and expires_at > ?)")
                .params(hash, Accounts.at(newAccounts.now()))
                .query(Boolean.class)
                .single();
    }

    private void make(NewAccounts.Checked checked) {
        // Two first administrators at once: the second waits for the first and is refused.
        jdbc.sql("select pg_advisory_xact_lock(hashtext('tenancy.first-administrator'))")
                .query(rows -> {});
        if (members.hasAcceptedHolderOf(Role.PLATFORM_ADMIN)) {
            throw new TenancyException.InvitationInvalid();
        }
        jdbc.sql("delete from tenancy.setup_token").update();
        var account = newAccounts.create(checked);
        var id = UUID.randomUUID();
        members.insertAccepted(id, account, checked.email(), Role.PLATFORM_ADMIN, newAccounts.now());
        audit.record("member.first-administrator", "member", id.toString(), Map.of("email", checked.email()));
    }
}
