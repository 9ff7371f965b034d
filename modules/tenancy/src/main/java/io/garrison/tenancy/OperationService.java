package io.garrison.tenancy;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;

@Service
class OperationService implements Operations {

    private final JdbcClient jdbc;
    private final House house;
    private final Clock clock;

    OperationService(JdbcClient jdbc, House house, Clock clock) {
        this.jdbc = jdbc;
        this.house = house;
        this.clock = clock;
    }

    @Override
    public UUID start(String kind, Duration limit) {
        var id = UUID.randomUUID();
        var now = clock.instant();
        house.write(() -> jdbc.sql("""
                        insert into tenancy.operation (tenant_id, id, kind, state, progress, started_at, deadline)
                        values (?, ?, ?, 'RUNNING', 0, ?, ?)""")
                .params(House.id(), id, kind, Accounts.at(now), Accounts.at(now.plus(limit)))
                .update());
        return id;
    }

    @Override
    public void progress(UUID operation, int percent) {
        house.write(() -> jdbc.sql("""
                        update tenancy.operation set progress = greatest(progress, ?)
                        where tenant_id = ? and id = ? and state = 'RUNNING'""")
                .params(Math.clamp(percent, 0, 100), House.id(), operation)
                .update());
    }

    @Override
    public void succeed(UUID operation, @Nullable String result) {
        house.write(() ->
                jdbc.sql("""
                        update tenancy.operation set state = 'SUCCEEDED', progress = 100, result = ?
                        where tenant_id = ? and id = ? and state = 'RUNNING'""").param(result).param(House.id()).param(operation).update());
    }

    @Override
    public void fail(UUID operation, String code, String message) {
        house.write(
                () -> jdbc.sql("""
                        update tenancy.operation set state = 'FAILED', error_code = ?, error_message = ?
                        where tenant_id = ? and id = ? and state = 'RUNNING'""").params(code, message, House.id(), operation).update());
    }

    @Override
    public Operation get(UUID operation) {
        var who = SignedIn.find().orElseThrow(TenancyException.NotSignedIn::new);
        var owned = house.read(() -> jdbc.sql("select * from tenancy.operation where id = ?")
                        .param(operation)
                        .query((row, n) -> new Owned(row.getObject("tenant_id", UUID.class), operation(row)))
                        .optional())
                .orElseThrow(TenancyException.NotFound::new);
        var mayRead = owned.owner().equals(House.PROVIDER)
                ? who.provider() != null && who.actingAs() == null
                : who.mayEnter(new TenantId(owned.owner()));
        if (!mayRead) {
            throw new TenancyException.NotFound();
        }
        return owned.operation();
    }

    /** For the deletion, whose tenant is no longer bound to anything. */
    void progressOf(TenantId owner, String kind, int percent) {
        jdbc.sql("""
                        update tenancy.operation set state = 'RUNNING', error_code = null, error_message = null,
                            progress = greatest(progress, ?) where tenant_id = ? and kind = ?""").params(percent, owner.value(), kind).update();
    }

    void failureOf(TenantId owner, String kind, String code, String message) {
        jdbc.sql("""
                        update tenancy.operation set state = 'FAILED', error_code = ?, error_message = ?
                        where tenant_id = ? and kind = ?""").params(code, message, owner.value(), kind).update();
    }

    /** Ends the deletion's operation and gives it to the provider; all other operations of the tenant go. */
    void finishForProvider(TenantId owner, String kind, String result) {
        jdbc.sql("""
                        update tenancy.operation set tenant_id = ?, state = 'SUCCEEDED', progress = 100, result = ?
                        where tenant_id = ? and kind = ?""").params(House.PROVIDER, result, owner.value(), kind).update();
        jdbc.sql("delete from tenancy.operation where tenant_id = ?")
                .param(owner.value())
                .update();
    }

    private record Owned(UUID owner, Operation operation) {}

    private Operation operation(ResultSet row) throws SQLException {
        var state = State.valueOf(row.getString("state"));
        var deadline = row.getTimestamp("deadline").toInstant();
        var code = row.getString("error_code");
        Failure error = code == null ? null : new Failure(code, row.getString("error_message"));
        if (state == State.RUNNING && clock.instant().isAfter(deadline)) {
            state = State.FAILED;
            error = new Failure(
                    "operation.deadline-passed", "It did not end in time. Look at its object and try again.");
        }
        return new Operation(
                row.getObject("id", UUID.class),
                row.getString("kind"),
                state,
                row.getInt("progress"),
                row.getTimestamp("started_at").toInstant(),
                deadline,
                error,
                row.getString("result"));
    }
}
