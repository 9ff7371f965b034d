-- A transfer is done by the provider's role, and shortens the leases of seats that are to be given up.
grant update (expires_at) on licensing.seat_lease to garrison_provider;
