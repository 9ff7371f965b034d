package io.garrison.instances;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Properties;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.jdbc.autoconfigure.DataSourceProperties;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Listens for {@link EdgeNews} on a connection of its own, for as long as the application runs, and wakes the edges
 * that wait. When the connection is lost, all are woken after it is back: what they missed they find by looking.
 */
@Component
class EdgeNewsListener implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(EdgeNewsListener.class);

    private static final int QUIET_MILLIS = 5_000;
    private static final Duration RETRY = Duration.ofSeconds(1);

    private final DataSourceProperties database;
    private final Bells bells = new Bells();

    private volatile @Nullable Thread thread;

    EdgeNewsListener(DataSourceProperties database) {
        this.database = database;
    }

    Bells bells() {
        return bells;
    }

    @Override
    public void start() {
        // Known before it runs, because it asks whether it is still the one that is wanted.
        var made = Thread.ofVirtual().name("edge-news").unstarted(this::listenForEver);
        thread = made;
        made.start();
    }

    @Override
    public void stop() {
        var running = thread;
        thread = null;
        if (running != null) {
            running.interrupt();
        }
        bells.dismissAll();
    }

    @Override
    public boolean isRunning() {
        return thread != null;
    }

    private boolean isWanted() {
        return thread == Thread.currentThread() && !Thread.currentThread().isInterrupted();
    }

    private void listenForEver() {
        boolean healthy = true;
        while (isWanted()) {
            try (var connection = connect()) {
                if (!healthy) {
                    log.info("listens for news of edges again");
                    healthy = true;
                }
                bells.ringAll();
                listen(connection);
            } catch (SQLException e) {
                if (isWanted()) {
                    if (healthy) {
                        log.warn("can't listen for news of edges; tries again: {}", e.getMessage());
                        healthy = false;
                    }
                    pause();
                }
            }
        }
    }

    private Connection connect() throws SQLException {
        var properties = new Properties();
        properties.setProperty("user", String.valueOf(database.determineUsername()));
        properties.setProperty("password", String.valueOf(database.determinePassword()));
        properties.setProperty("ApplicationName", "garrison-edge-news");
        properties.setProperty("tcpKeepAlive", "true");
        var connection = DriverManager.getConnection(String.valueOf(database.determineUrl()), properties);
        try (var statement = connection.createStatement()) {
            statement.execute("listen " + EdgeNews.CHANNEL);
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
        return connection;
    }

    private void listen(Connection connection) throws SQLException {
        var postgres = connection.unwrap(PGConnection.class);
        while (isWanted()) {
            var news = postgres.getNotifications(QUIET_MILLIS);
            if (news == null || news.length == 0) {
                // A connection that died without a word looks like one without news.
                if (!connection.isValid(QUIET_MILLIS / 1_000)) {
                    throw new SQLException("the connection is gone");
                }
                continue;
            }
            for (var one : news) {
                tell(one.getParameter());
            }
        }
    }

    private void tell(String news) {
        try {
            var id = UUID.fromString(news.substring(news.indexOf(':') + 1));
            if (news.startsWith("stack:")) {
                bells.ring(new StackId(id));
            } else if (news.startsWith("instance:")) {
                bells.ring(new InstanceId(id));
            }
        } catch (IllegalArgumentException e) {
            log.debug("news of edges in an unknown form");
        }
    }

    private static void pause() {
        try {
            Thread.sleep(RETRY);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
