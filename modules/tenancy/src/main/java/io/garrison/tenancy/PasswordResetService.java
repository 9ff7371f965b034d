package io.garrison.tenancy;

import java.util.Map;
import java.util.UUID;
import org.springframework.stereotype.Service;

@Service
class PasswordResetService implements PasswordResets {

    private final Members members;
    private final Arrivals arrivals;
    private final House house;
    private final AuditTrail audit;

    PasswordResetService(Members members, Arrivals arrivals, House house, AuditTrail audit) {
        this.members = members;
        this.arrivals = arrivals;
        this.house = house;
        this.audit = audit;
    }

    @Override
    public void redeem(String token, String password) {
        var hash = Secrets.hash(token);
        var link = house.read(() -> members.reset(hash, arrivals.now()))
                .orElseThrow(TenancyException.InvitationInvalid::new);
        arrivals.arrive(link, password, account -> change(link, account, hash));
    }

    private void change(Members.Link link, UUID account, byte[] hash) {
        if (!members.acceptReset(link.member(), account, hash, arrivals.now())) {
            throw new TenancyException.InvitationInvalid();
        }
        audit.record(
                "member.password-reset",
                "member",
                link.member().toString(),
                Map.of("email", link.email(), "role", link.role()));
    }
}
