package io.garrison.edge.ha.keepalived;

import io.garrison.edge.ha.keepalived.KeepalivedConfig.Block;
import io.garrison.edge.ha.keepalived.KeepalivedConfig.Line;
import java.util.List;
import java.util.stream.Stream;

/**
 * Who hears the adverts of one router, read from what was rendered.
 *
 * @param from addresses that they come from
 * @param to addresses that they go to
 */
record Adverts(List<String> from, List<String> to) {

    static Adverts of(Block router) {
        var from = router.body().stream()
                .flatMap(entry -> entry instanceof Line line && isOf(line.tokens(), "unicast_src_ip")
                        ? Stream.of(line.tokens().getLast().word())
                        : Stream.empty());
        var to = router.body().stream()
                .flatMap(entry -> entry instanceof Block block && isOf(block.head(), "unicast_peer")
                        ? block.body().stream()
                        : Stream.empty())
                .flatMap(entry -> entry instanceof Line line
                        ? Stream.of(line.tokens().getFirst().word())
                        : Stream.empty());
        return new Adverts(from.toList(), to.toList());
    }

    boolean reachOthers() {
        return to.stream().anyMatch(address -> !from.contains(address));
    }

    private static boolean isOf(List<Token> tokens, String keyword) {
        return tokens.getFirst().word().equals(keyword);
    }
}
