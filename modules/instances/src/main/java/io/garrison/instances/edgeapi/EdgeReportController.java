package io.garrison.instances.edgeapi;

import io.garrison.instances.EdgeService;
import io.garrison.protocol.Report;
import io.garrison.protocol.ReportAnswer;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/edge/v1/report")
class EdgeReportController {

    private static final int MAX_BYTES = 512 * 1024;

    private final EdgeService edges;

    EdgeReportController(EdgeService edges) {
        this.edges = edges;
    }

    @PostMapping
    ReportAnswer report(HttpServletRequest request) throws IOException {
        var report = EdgeBody.read(request, MAX_BYTES, Report.class);
        EdgeBody.require(
                "report", report.bootId(), report.syncState(), report.haRole(), report.agentVersion(), report.spool());
        for (var service : report.virtualServices()) {
            EdgeBody.require("report", service.name(), service.address(), service.state());
        }
        var error = report.error();
        if (error != null) {
            EdgeBody.require("report", error.code(), error.message());
        }
        var license = report.license();
        if (license != null) {
            EdgeBody.require("report", license.state());
        }
        var throughput = report.throughput();
        if (throughput != null) {
            EdgeBody.require("report", throughput.enforcement());
        }
        var flushed = report.flushed();
        if (flushed != null) {
            EdgeBody.require("report", flushed.flushId());
        }
        return edges.report(EdgeGate.identity(request), report);
    }
}
