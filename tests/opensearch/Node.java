import org.codelibs.opensearch.runner.OpenSearchRunner;

/** One node of the test cluster, in a JVM of its own so that it can be killed: java Node.java FOLDER NUMBER HTTP NODES. */
public class Node {
    public static void main(String[] given) throws Exception {
        int number = Integer.parseInt(given[1]), http = Integer.parseInt(given[2]), nodes = Integer.parseInt(given[3]);
        String[] names = new String[nodes], places = new String[nodes];
        for (int i = 0; i < nodes; i++) {
            names[i] = "node" + i;
            places[i] = "127.0.0.1:" + (http + 100 + i);
        }
        OpenSearchRunner runner = new OpenSearchRunner();
        runner.onBuild((n, settings) -> {
            settings.put("node.name", names[number]);
            settings.put("network.host", "127.0.0.1");
            settings.put("http.port", String.valueOf(http + number));
            settings.put("transport.port", String.valueOf(http + 100 + number));
            settings.putList("discovery.seed_hosts", places);
            settings.putList("cluster.initial_cluster_manager_nodes", names);
            settings.put("cluster.routing.allocation.disk.threshold_enabled", "false");
            settings.put("processors", "2");
        });
        runner.build(OpenSearchRunner.newConfigs().basePath(given[0] + "/" + names[number]).numOfNode(1)
            .clusterName("catalogue-test").useLogger());
        Thread.currentThread().join();
    }
}
