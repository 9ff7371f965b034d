package io.garrison.tenancy;

import java.sql.SQLException;
import javax.sql.DataSource;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.jdbc.datasource.ConnectionHolder;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Hands the bound tenant to PostgreSQL at the start of every transaction, for the row-level security policies.
 *
 * <p>The setting is transaction-local, so a pooled connection carries nothing over. With no tenant bound the setting
 * stays empty and the policies show no rows.
 */
final class TenantTransactionManager extends JdbcTransactionManager {
    private static final long serialVersionUID = 1L;

    TenantTransactionManager(DataSource pool) {
        super(pool);
    }

    @Override
    protected void doBegin(Object transaction, TransactionDefinition definition) {
        super.doBegin(transaction, definition);
        CurrentTenant.find().ifPresent(tenant -> announce(transaction, tenant));
    }

    private void announce(Object transaction, TenantId tenant) {
        var holder = (ConnectionHolder) TransactionSynchronizationManager.getResource(obtainDataSource());
        if (holder == null) {
            throw new IllegalStateException("no connection bound to the transaction that has just begun");
        }
        try (var statement =
                holder.getConnection().prepareStatement("select set_config('garrison.tenant_id', ?, true)")) {
            statement.setString(1, tenant.toString());
            statement.execute();
        } catch (SQLException e) {
            doCleanupAfterCompletion(transaction);
            throw new DataAccessResourceFailureException("cannot bind tenant " + tenant + " to the transaction", e);
        }
    }
}
