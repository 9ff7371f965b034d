package io.garrison.guards.planted;

import com.vaadin.flow.router.Route;
import java.net.http.HttpClient;
import java.time.Instant;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Faults on purpose: one for each rule, so that every rule is seen to bite. Never a bean, never a route. */
public final class Planted {

    public static final Class<?>[] CLASSES = {
        Controller.class,
        View.class,
        Service.class,
        TimeTeller.class,
        Querier.class,
        Launcher.class,
        Caller.class,
        PoolUser.class,
    };

    private Planted() {}

    @org.springframework.web.bind.annotation.RestController
    @Never
    public static class Controller {}

    @Route(value = "planted", registerAtStartup = false)
    public static class View extends com.vaadin.flow.component.html.Div {}

    @org.springframework.stereotype.Service
    @Never
    public static class Service {}

    static class TimeTeller {
        Instant tell() {
            return Instant.now();
        }
    }

    record Querier(JdbcClient jdbc) {}

    static class Launcher {
        ProcessBuilder launch() {
            return new ProcessBuilder("true");
        }
    }

    record Caller(HttpClient client) {}

    record PoolUser(DataSource pool) {}
}
