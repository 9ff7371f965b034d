package io.garrison.instances;

import static org.assertj.core.api.Assertions.assertThat;

import io.garrison.tenancy.TenantId;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.jdbc.autoconfigure.DataSourceProperties;
import org.springframework.jdbc.core.simple.JdbcClient;

@ServerTest
class EdgeNewsListenerIT {

    @Autowired
    DataSourceProperties database;

    @Autowired
    EdgeNews news;

    @Autowired
    JdbcClient jdbc;

    private EdgeNewsListener listener;

    private final EdgeIdentity edge = new EdgeIdentity(
            new TenantId(UUID.randomUUID()), new StackId(UUID.randomUUID()), new InstanceId(UUID.randomUUID()));

    @AfterEach
    void stop() {
        listener.stop();
    }

    private Bells.Bell listening() throws InterruptedException {
        listener = new EdgeNewsListener(database);
        var arrived = listener.bells().hang(edge);
        listener.start();
        assertThat(arrived.await(TimeUnit.SECONDS.toNanos(10)))
                .as("rings all once it listens")
                .isTrue();
        listener.bells().take(arrived);
        return listener.bells().hang(edge);
    }

    @RepeatedTest(20)
    void hearsNewsOfAStackHoweverItsThreadIsScheduled() throws InterruptedException {
        var bell = listening();

        news.ofStack(edge.stackId());

        assertThat(bell.await(TimeUnit.SECONDS.toNanos(5))).isTrue();
        assertThat(bell.isLast()).isFalse();
    }

    @Test
    void leavesTheEdgesOfOtherStacksAsleep() throws InterruptedException {
        var bell = listening();

        news.ofStack(new StackId(UUID.randomUUID()));
        news.ofInstance(new InstanceId(UUID.randomUUID()));

        assertThat(bell.await(TimeUnit.MILLISECONDS.toNanos(300))).isFalse();
    }

    @Test
    void wakesEverybodyAfterItsConnectionWasLost() throws InterruptedException {
        var bell = listening();

        jdbc.sql("""
                        select pg_terminate_backend(pid) from pg_stat_activity
                         where application_name = 'garrison-edge-news'""").query((row, n) -> n).list();

        assertThat(bell.await(TimeUnit.SECONDS.toNanos(10))).isTrue();
    }
}
