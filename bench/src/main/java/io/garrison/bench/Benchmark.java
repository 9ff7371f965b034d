package io.garrison.bench;

import java.util.Map;

/** One benchmark. Bounded in time and load. */
interface Benchmark {

    /** Every raw round and the figures drawn from them, as JSON-friendly values. */
    Map<String, Object> run() throws Exception;
}
