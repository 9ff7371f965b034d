package io.garrison.guards;

import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/** One verb on one path, as the application has mapped it. */
public record Endpoint(String method, String pattern) {

    static final String TENANT = "/api/v1/tenants/{t}";
    static final String TENANT_POST = "POST " + TENANT;
    private static final Pattern VARIABLE = Pattern.compile("\\{(\\w+)}");

    private static final Comparator<Endpoint> ORDER =
            Comparator.comparing(Endpoint::pattern).thenComparing(Endpoint::method);

    public static List<Endpoint> belowTenants(RequestMappingHandlerMapping mappings) {
        return all(mappings).keySet().stream()
                .filter(endpoint -> endpoint.pattern().startsWith("/api/v1/tenants/"))
                .toList();
    }

    /** Every endpoint of the API with what carries it out, in order. */
    public static SortedMap<Endpoint, HandlerMethod> all(RequestMappingHandlerMapping mappings) {
        var found = new TreeMap<Endpoint, HandlerMethod>(ORDER);
        mappings.getHandlerMethods().forEach((mapping, handler) -> {
            for (var pattern : mapping.getPatternValues()) {
                if (pattern.startsWith("/api/")) {
                    methods(mapping.getMethodsCondition().getMethods())
                            .forEach(method -> found.put(new Endpoint(method, pattern), handler));
                }
            }
        });
        return found;
    }

    private static Stream<String> methods(java.util.Set<RequestMethod> methods) {
        return methods.isEmpty() ? Stream.of("GET", "POST") : methods.stream().map(RequestMethod::name);
    }

    /** Names of the variables, the tenant's left out. */
    public List<String> variables() {
        return VARIABLE.matcher(pattern)
                .results()
                .map(match -> match.group(1))
                .filter(name -> !name.equals("t"))
                .toList();
    }

    /** Whether it names something within the tenant. */
    public boolean namesAnObject() {
        return !variables().isEmpty();
    }

    /** The part of the path that a variable stands for: {@code stacks/{s}}. */
    String place(String variable) {
        var segments = List.of(pattern.split("/"));
        var at = segments.indexOf("{" + variable + "}");
        return segments.get(at - 1) + "/{" + variable + "}";
    }

    @Override
    public String toString() {
        return method + " " + pattern;
    }
}
