package io.garrison.edge.agent;

import io.garrison.edge.cluster.Cluster;
import io.garrison.edge.haproxy.DataPlane;
import io.garrison.edge.health.ManagementServer;
import io.garrison.edge.health.Metrics;
import io.garrison.edge.license.LeaseKeeper;
import io.garrison.edge.license.LicenseStatus.State;
import io.garrison.edge.shaping.Shaper;
import io.garrison.edge.sync.Heartbeat;
import io.garrison.edge.sync.Reconciler;
import io.garrison.edge.telemetry.Spool;
import io.garrison.protocol.SeenTime;
import io.garrison.protocol.SyncState;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * What the management port shows.
 *
 * @param tickedNanos when the counters were read last
 */
record Shown(
        DataPlane dataPlane,
        Reconciler reconciler,
        Heartbeat heartbeat,
        Spool spool,
        LeaseKeeper leases,
        Shaper shaper,
        Cluster cluster,
        LongSupplier tickedNanos) {

    ManagementServer.Answer health() {
        boolean alive = System.nanoTime() - tickedNanos.getAsLong() < TimeUnit.SECONDS.toNanos(15);
        var contact = heartbeat.lastContact();
        var body = new HashMap<String, Object>();
        body.put("status", alive ? "UP" : "DOWN");
        body.put("syncState", reconciler.status().state());
        body.put("licenseState", leases.status().state());
        body.put("dataPlaneRunning", dataPlane.state().running());
        body.put("lastContact", contact == null ? "never" : contact.toString());
        return new ManagementServer.Answer(alive, body);
    }

    ManagementServer.Answer ready() {
        var plane = dataPlane.state();
        boolean ready =
                plane.running() && !plane.draining() && reconciler.status().state() != SyncState.NEVER_APPLIED;
        return new ManagementServer.Answer(ready, Map.of("ready", ready, "draining", plane.draining()));
    }

    ManagementServer.Answer clusterStatus() {
        return new ManagementServer.Answer(true, cluster.status());
    }

    String metrics() {
        var sync = reconciler.status();
        var spooled = spool.state();
        var plane = dataPlane.state();
        var up = new HashMap<String, Integer>();
        plane.virtualServices().forEach(service -> up.put(service.name(), service.membersUp()));
        var license = leases.status();
        var leaseUntil = license.leaseUntil();
        var contact = heartbeat.lastContact();
        var limit = shaper.state();
        var share = limit.inForce().bps();
        return cluster.metrics(new Metrics())
                .gauge("garrison_edge_data_plane_running", "HAProxy answers", plane.running() ? 1 : 0)
                .gauge("garrison_edge_draining", "New clients are turned away", plane.draining() ? 1 : 0)
                .gauge("garrison_edge_desired_revision", "Newest accepted revision", sync.desiredRevision())
                .gauge(
                        "garrison_edge_applied_revision",
                        "Revision that serves",
                        sync.applied().revision())
                .gauge("garrison_edge_in_sync", "Desired revision serves", sync.state() == SyncState.IN_SYNC ? 1 : 0)
                .gauge(
                        "garrison_edge_last_contact_timestamp_seconds",
                        "When management last answered",
                        contact == null ? 0 : contact.getEpochSecond())
                .gauge("garrison_edge_spool_records", "Records that wait", spooled.records())
                .gauge("garrison_edge_spool_bytes", "Disk that they take", spooled.bytes())
                .gauge("garrison_edge_spool_oldest_seconds", "Age of the oldest", spooled.oldestSeconds())
                .gauge("garrison_edge_meter_records", "Meter records without acknowledgement", spool.meterRecords())
                .counter("garrison_edge_spool_dropped_total", "Samples and events dropped", spooled.dropped())
                .counter("garrison_edge_spool_refused_total", "Records set aside since the start", spool.refused())
                .gauge("garrison_edge_lease_active", "The lease is in force", license.state() == State.ACTIVE ? 1 : 0)
                .gauge(
                        "garrison_edge_lease_until_timestamp_seconds",
                        "When the lease that is held runs out; 0 if none is held",
                        leaseUntil == null ? 0 : leaseUntil.getEpochSecond())
                .gauge(
                        "garrison_edge_takes_revisions",
                        "The licence state lets new revisions in",
                        license.state().takesRevisions() ? 1 : 0)
                .gauge(
                        "garrison_edge_clock_steady",
                        "The clock is neither far behind nor far ahead of the time that counts for licences",
                        license.clock() == SeenTime.State.STEADY ? 1 : 0)
                .gauge(
                        "garrison_edge_throughput_share_bits_per_second",
                        "What may pass in each direction; 0 if it is not limited",
                        share == null ? 0 : share)
                .gauge(
                        "garrison_edge_throughput_limited",
                        "The kernel holds all services to the share",
                        limit.limiting() ? 1 : 0)
                .services("garrison_edge_members_up", "Pool members that take traffic", "gauge", up)
                .toString();
    }
}
