package io.garrison.tenancy;

import java.util.Map;
import java.util.UUID;
import org.springframework.stereotype.Service;

@Service
class InvitationService implements Invitations {

    private final Members members;
    private final Arrivals arrivals;
    private final House house;
    private final AuditTrail audit;

    InvitationService(Members members, Arrivals arrivals, House house, AuditTrail audit) {
        this.members = members;
        this.arrivals = arrivals;
        this.house = house;
        this.audit = audit;
    }

    @Override
    public void accept(String token, String password) {
        var hash = Secrets.hash(token);
        var invitation = house.read(() -> members.invitation(hash, arrivals.now()))
                .orElseThrow(TenancyException.InvitationInvalid::new);
        arrivals.arrive(invitation, password, account -> join(invitation, account, hash));
    }

    private void join(Members.Link invitation, UUID account, byte[] hash) {
        if (!members.accept(invitation.member(), account, hash, arrivals.now())) {
            throw new TenancyException.InvitationInvalid();
        }
        audit.record(
                "member.joined",
                "member",
                invitation.member().toString(),
                Map.of("email", invitation.email(), "role", invitation.role()));
    }
}
