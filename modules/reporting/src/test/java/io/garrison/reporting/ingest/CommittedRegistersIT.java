package io.garrison.reporting.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.garrison.protocol.MeterAck;
import io.garrison.reporting.MigratedDatabase;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** What an edge hears of its registers, and so forgets. */
class CommittedRegistersIT {

    private final MigratedDatabase database = MigratedDatabase.shared();
    private final JdbcClient provider = JdbcClient.create(database.provider());
    private final UUID tenant = UUID.randomUUID();
    private final UUID instance = UUID.randomUUID();
    private final UUID stream = UUID.randomUUID();

    @Test
    void tellsOfTheTwoNewestEpochsAndOfThoseThatSomethingCameForToday() {
        heard(tenant, instance, 1, "{[1,5)}", Duration.ofHours(2));
        heard(tenant, instance, 2, "{[1,9)}", Duration.ofHours(30));
        heard(tenant, instance, 3, "{[1,3)}", Duration.ofDays(3));
        heard(tenant, instance, 4, "{[1,4),[6,8)}", Duration.ofDays(2));

        assertThat(committed(tenant, instance))
                .containsExactlyInAnyOrder(
                        new MeterAck(stream, 1, 4),
                        new MeterAck(stream, 3, 2),
                        new MeterAck(stream, 4, 3, List.of(new MeterAck.Range(6, 7))));
    }

    /** No edge keeps records for as long; one that sends them again makes the stream new. */
    @Test
    void tellsNothingOfAStreamThatIsGoneForLong() {
        heard(tenant, instance, 1, "{[1,5)}", Duration.ofDays(41));
        assertThat(committed(tenant, instance)).isEmpty();

        heard(tenant, instance, 2, "{[1,5)}", Duration.ofDays(39));
        assertThat(committed(tenant, instance)).containsExactly(new MeterAck(stream, 2, 4));
    }

    /** Whoever took another's acknowledgement for its own would forget what nobody has billed. */
    @Test
    void tellsNothingOfOthers() {
        heard(tenant, UUID.randomUUID(), 1, "{[1,5)}", Duration.ZERO);
        heard(UUID.randomUUID(), instance, 2, "{[1,5)}", Duration.ZERO);

        assertThat(committed(tenant, instance)).isEmpty();
    }

    private List<MeterAck> committed(UUID as, UUID of) {
        var application = database.application();
        var client = JdbcClient.create(application);
        return new TransactionTemplate(new JdbcTransactionManager(application)).execute(status -> {
            client.sql("select set_config('garrison.tenant_id', :t, true)")
                    .param("t", as.toString())
                    .query(String.class)
                    .single();
            return new CommittedRegisters(client).of(of);
        });
    }

    private void heard(UUID of, UUID from, long epoch, String seen, Duration ago) {
        provider.sql("""
                        insert into reporting.meter_epoch (tenant_id, stream, epoch, nonce, stack_id, instance_id,
                            virtual_service, source, seen, contig_seq, max_seq, state, updated_at)
                        values (:tenant, :stream, :epoch, 1, :stack, :instance, 'shop', 'PROXY', cast(:seen as int8multirange),
                            (select upper(r) - 1 from unnest(cast(:seen as int8multirange)) r where lower(r) = 1), 9, 'OPEN', :at)""")
                .param("tenant", of)
                .param("stream", stream)
                .param("epoch", epoch)
                .param("stack", UUID.randomUUID())
                .param("instance", from)
                .param("seen", seen)
                .param("at", Instant.now().minus(ago).atOffset(ZoneOffset.UTC))
                .update();
    }
}
