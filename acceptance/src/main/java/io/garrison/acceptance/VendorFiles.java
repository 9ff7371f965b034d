package io.garrison.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;

/** The vendor's keys and the provider's licence, made with the command line. */
public record VendorFiles(Path key, Path licence) {

    /** @param instances how many seats the MSSP licence has */
    public static VendorFiles make(Path directory, int instances) {
        var made = Launched.run(directory, "license", "new-key", "--out", directory.toString());
        assertThat(made.status()).as(made.err()).isZero();
        var licence = directory.resolve("mssp.lic");
        var issued = Launched.run(
                directory,
                ("license issue-mssp --key %s --name Acceptance --instances %d --throughput-bps 100000000000"
                                + " --virtual-services 100 --features waf,ddos --days 30 --out %s")
                        .formatted(directory.resolve("vendor.key"), instances, licence)
                        .split(" "));
        assertThat(issued.status()).as(issued.err()).isZero();
        return new VendorFiles(directory.resolve("vendor.pub"), licence);
    }
}
