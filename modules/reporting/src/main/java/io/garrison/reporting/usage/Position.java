package io.garrison.reporting.usage;

import io.garrison.protocol.MeterRecord;
import io.garrison.reporting.ReportingException.BadCursor;
import io.garrison.reporting.UsageRecord;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.UUID;

/** Behind which record to go on, in the order of {@link io.garrison.reporting.UsageReports}. */
record Position(StreamKey stream, long hour, String subLicense, int metric) {

    private static final UUID HIGHEST = new UUID(-1, -1);

    static Position of(UsageRecord record) {
        var stream = MeterRecord.streamOf(
                record.instanceId(), record.virtualService(), MeterRecord.Source.valueOf(record.meterSource()));
        return new Position(
                new StreamKey(
                        record.tenantId().value(),
                        record.stackId(),
                        record.instanceId(),
                        record.virtualService(),
                        record.meterSource(),
                        stream),
                record.from().getEpochSecond() / 3_600,
                record.subLicenseId().toString(),
                record.metric().ordinal());
    }

    /** Behind all that a stream has, and will have. */
    static Position behind(StreamKey stream) {
        return new Position(stream, Long.MAX_VALUE, HIGHEST.toString(), Integer.MAX_VALUE);
    }

    /** @throws BadCursor if the text is none */
    static Position parse(String cursor) {
        try {
            var parts = new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8).split("\\|");
            if (parts.length != 9 || parts[3].indexOf('\0') >= 0) {
                throw new BadCursor();
            }
            var stream = new StreamKey(
                    UUID.fromString(parts[0]),
                    UUID.fromString(parts[1]),
                    UUID.fromString(parts[2]),
                    parts[3],
                    "KERNEL".equals(parts[4]) ? "KERNEL" : "PROXY",
                    UUID.fromString(parts[5]));
            return new Position(
                    stream, Long.parseLong(parts[6]), UUID.fromString(parts[7]).toString(), Integer.parseInt(parts[8]));
        } catch (IllegalArgumentException e) {
            throw new BadCursor();
        }
    }

    String cursor() {
        var text = String.join(
                "|",
                stream.tenant().toString(),
                stream.stack().toString(),
                stream.instance().toString(),
                stream.virtualService(),
                stream.source(),
                stream.stream().toString(),
                Long.toString(hour),
                subLicense,
                Integer.toString(metric));
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    boolean isBefore(UsageRecord record) {
        var byHour = Long.compare(hour, record.from().getEpochSecond() / 3_600);
        var bySubLicense = subLicense.compareTo(record.subLicenseId().toString());
        return byHour < 0
                || (byHour == 0 && bySubLicense < 0)
                || (byHour == 0 && bySubLicense == 0 && metric < record.metric().ordinal());
    }
}
