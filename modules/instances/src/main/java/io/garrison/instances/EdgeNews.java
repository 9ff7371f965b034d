package io.garrison.instances;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Tells every replica, when the running transaction commits, that something has changed for edges which may be waiting
 * for it. PostgreSQL carries the news, to the replica that made it as to all others.
 */
@Component
class EdgeNews {

    static final String CHANNEL = "garrison_edge_news";

    private final JdbcClient jdbc;

    EdgeNews(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    void ofStack(StackId stack) {
        tell("stack:" + stack);
    }

    void ofInstance(InstanceId instance) {
        tell("instance:" + instance);
    }

    private void tell(String news) {
        jdbc.sql("select pg_notify(?, ?)")
                .params(CHANNEL, news)
                .query((row, n) -> n)
                .list();
    }
}
