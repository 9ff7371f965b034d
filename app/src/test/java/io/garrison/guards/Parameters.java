package io.garrison.guards;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.springframework.core.DefaultParameterNameDiscoverer;
import org.springframework.core.MethodParameter;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.method.HandlerMethod;

/** The query parameters of an endpoint with a value that is accepted, empty where none is needed. */
public record Parameters(Map<String, String> good) {

    private static final List<String> TIMES = List.of("from", "to");

    public static Parameters of(HandlerMethod handler) {
        var good = new TreeMap<String, String>();
        for (var parameter : handler.getMethodParameters()) {
            if (parameter.hasParameterAnnotation(RequestParam.class)) {
                var name = name(parameter);
                good.put(
                        name,
                        switch (name) {
                            case "from" -> "2026-10-01T00:00:00Z";
                            case "to" -> "2026-10-02T00:00:00Z";
                            default -> "";
                        });
            }
        }
        return new Parameters(good);
    }

    private static String name(MethodParameter parameter) {
        parameter.initParameterNameDiscovery(new DefaultParameterNameDiscoverer());
        return Optional.ofNullable(parameter.getParameterName()).orElseThrow();
    }

    /** Bad values by what they are, as they stand in an address. */
    public static Map<String, String> bad(String parameter) {
        var values = new HashMap<>(BadInput.TEXTS);
        if (parameter.equals("limit")) {
            List.of("0", "501", "abc", "1.5", "-1").forEach(value -> values.put("limit " + value, value));
        }
        if (TIMES.contains(parameter)) {
            List.of("%2B1000000000-12-31T23:59:59Z", "-1000000000-01-01T00:00:00Z", "2026-10-01", "now")
                    .forEach(value -> values.put("time " + value, value));
        }
        return values;
    }

    /** Whether such a value has to be refused; in a text that is searched for, for example, it may just find nothing. */
    public static boolean mustBeRefused(String parameter, String what) {
        return what.equals("NUL") || parameter.equals("limit") || TIMES.contains(parameter);
    }

    /** The query with another value in one place. */
    public String with(String parameter, String value) {
        var query = new ArrayList<String>();
        good.forEach((name, ordinary) -> {
            var sent = name.equals(parameter) ? value : ordinary;
            if (!sent.isEmpty()) {
                query.add(name + "=" + sent);
            }
        });
        return "?" + String.join("&", query);
    }
}
