package io.garrison.reporting.web;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.garrison.instances.InstanceDirectory;
import io.garrison.instances.InstanceId;
import io.garrison.protocol.Telemetry.AccessEvent;
import io.garrison.reporting.LogSearch;
import io.garrison.reporting.LogSearch.LogLine;
import io.garrison.reporting.LogSearch.LogQuery;
import io.garrison.tenancy.http.Page;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

@RestController
class LogController {

    private final LogSearch logs;
    private final InstanceDirectory instances;

    LogController(LogSearch logs, InstanceDirectory instances) {
        this.logs = logs;
        this.instances = instances;
    }

    @PostMapping("/api/v1/tenants/{t}/logs/search")
    Page<Line> search(@RequestBody @Valid SearchRequest request) {
        var query = new LogQuery(
                request.query() == null ? "" : request.query(),
                request.from(),
                request.to(),
                request.limit() == null ? Page.DEFAULT_LIMIT : request.limit(),
                request.after());
        var names = new HashMap<UUID, Optional<InstanceDirectory.Entry>>();
        return logs.search(query).map(line -> line(line, names));
    }

    private Line line(LogLine line, Map<UUID, Optional<InstanceDirectory.Entry>> names) {
        var entry = names.computeIfAbsent(line.instanceId(), id -> instances.instance(new InstanceId(id)));
        return new Line(
                line.stackId(),
                entry.map(InstanceDirectory.Entry::stackName).orElse(null),
                line.instanceId(),
                entry.map(InstanceDirectory.Entry::name).orElse(null),
                line.event());
    }

    record SearchRequest(
            @Nullable @Size(max = 1_000) String query,
            @NotNull Instant from,
            @NotNull Instant to,
            @Nullable @Min(1) @Max(Page.MAX_LIMIT) Integer limit,
            @Nullable @Size(max = 500) String after) {}

    /** @param stackName absent once the stack is gone, as is the name of the instance */
    record Line(
            UUID stackId,
            @Nullable String stackName,
            UUID instanceId,
            @Nullable String instanceName,
            @JsonUnwrapped AccessEvent event) {}
}
