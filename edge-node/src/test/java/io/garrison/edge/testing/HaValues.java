package io.garrison.edge.testing;

import io.garrison.protocol.HaSettings;
import io.garrison.protocol.HaSettings.FlapAction;
import io.garrison.protocol.HaSettings.HaMode;

/** The twelve values, one at a time; those that are not named suit a quick test. */
public final class HaValues {

    public HaMode mode = HaMode.ACTIVE_PASSIVE;
    public boolean primary = true;
    public int intervalMs = 100;
    public int failureThreshold = 3;
    public int recoveryThreshold = 1;
    public int maximumFlaps;
    public int flapWindowSeconds = 600;
    public FlapAction flapAction = FlapAction.ALARM;
    public boolean bandwidthMonitoring;
    public long minimumBandwidthBps = 1_024;
    public int bandwidthIntervalSeconds = 10;
    public int linkIntervalMs = 100;
    public int minimumLinkPairs;

    public HaSettings build() {
        return new HaSettings(
                mode,
                primary,
                10_101,
                intervalMs,
                failureThreshold,
                recoveryThreshold,
                maximumFlaps,
                flapWindowSeconds,
                flapAction,
                bandwidthMonitoring,
                minimumBandwidthBps,
                bandwidthIntervalSeconds,
                linkIntervalMs,
                minimumLinkPairs);
    }
}
