package io.garrison.opensearch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.opensearch.Version;
import org.opensearch.analysis.common.CommonAnalysisModulePlugin;
import org.opensearch.common.logging.LogConfigurator;
import org.opensearch.common.settings.Settings;
import org.opensearch.env.Environment;
import org.opensearch.index.mapper.MapperExtrasModulePlugin;
import org.opensearch.index.reindex.ReindexModulePlugin;
import org.opensearch.ingest.common.IngestCommonModulePlugin;
import org.opensearch.ingest.useragent.IngestUserAgentModulePlugin;
import org.opensearch.node.Node;
import org.opensearch.node.NodeValidationException;
import org.opensearch.painless.PainlessModulePlugin;
import org.opensearch.plugins.Plugin;
import org.opensearch.plugins.PluginInfo;
import org.opensearch.script.mustache.MustacheModulePlugin;
import org.opensearch.search.aggregations.matrix.MatrixAggregationModulePlugin;
import org.opensearch.transport.Netty4ModulePlugin;

/**
 * Runs one node that is a whole cluster, and says {@code GARRISON READY} on standard output when it serves. Ends in
 * order when its standard input ends, which is when its parent is gone.
 */
public final class OpenSearchMain {

    private static final long SHUTDOWN_LIMIT_MILLIS = 8_000;

    private static final List<Class<? extends Plugin>> PLUGINS = List.of(
            Netty4ModulePlugin.class,
            CommonAnalysisModulePlugin.class,
            IngestCommonModulePlugin.class,
            IngestUserAgentModulePlugin.class,
            PainlessModulePlugin.class,
            MustacheModulePlugin.class,
            MapperExtrasModulePlugin.class,
            ReindexModulePlugin.class,
            MatrixAggregationModulePlugin.class,
            GatekeeperPlugin.class);

    private OpenSearchMain() {}

    /** @param arguments the home directory, whose {@code config} holds {@code node.properties} and the credentials */
    public static void main(String[] arguments) throws IOException, NodeValidationException, InterruptedException {
        Thread.ofPlatform().daemon().name("parent-watch").start(OpenSearchMain::endWithParent);
        Path home = Path.of(arguments[0]);
        LogConfigurator.setNodeName("garrison");
        var node = new ClassPathNode(new Environment(settings(home), home.resolve("config")));
        Runtime.getRuntime().addShutdownHook(new Thread(() -> close(node)));
        node.start();
        System.out.println("GARRISON READY");
        Thread.currentThread().join();
    }

    private static Settings settings(Path home) throws IOException {
        var properties = new Properties();
        try (var reader = Files.newBufferedReader(home.resolve("config").resolve("node.properties"))) {
            properties.load(reader);
        }
        Settings.Builder settings = Settings.builder()
                .put("path.home", home.toString())
                .put("path.data", home.resolve("data").toString())
                .put("path.logs", home.resolve("logs").toString())
                .put("cluster.name", "garrison")
                .put("node.name", "garrison")
                .put("discovery.type", "single-node")
                .put("network.host", "127.0.0.1")
                .put("action.destructive_requires_name", true)
                .put("action.auto_create_index", "false")
                // One node has nowhere to move shards to; a full disk is reported by failing writes.
                .put("cluster.routing.allocation.disk.threshold_enabled", false);
        properties.stringPropertyNames().forEach(name -> settings.put(name, properties.getProperty(name)));
        return settings.build();
    }

    private static void endWithParent() {
        try {
            while (System.in.read() >= 0) {
                // Nothing is ever sent; the end of the stream is the message.
            }
        } catch (IOException e) {
            System.err.println("the parent's pipe fails: " + e);
        }
        System.exit(0);
    }

    private static void close(Node node) {
        Thread.ofPlatform().daemon().name("shutdown-limit").start(OpenSearchMain::haltLate);
        try {
            node.close();
            node.awaitClose(SHUTDOWN_LIMIT_MILLIS, TimeUnit.MILLISECONDS);
        } catch (IOException e) {
            System.err.println("the node does not close: " + e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void haltLate() {
        try {
            Thread.sleep(SHUTDOWN_LIMIT_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Runtime.getRuntime().halt(1);
    }

    /** A node whose plugins come from the class path instead of unpacked archives. */
    private static final class ClassPathNode extends Node {

        ClassPathNode(Environment environment) {
            super(environment, PLUGINS.stream().map(ClassPathNode::info).toList(), false);
        }

        private static PluginInfo info(Class<? extends Plugin> plugin) {
            return new PluginInfo(
                    plugin.getName(),
                    "class path",
                    "NA",
                    Version.CURRENT,
                    Integer.toString(Runtime.version().feature()),
                    plugin.getName(),
                    List.of(),
                    false);
        }
    }
}
