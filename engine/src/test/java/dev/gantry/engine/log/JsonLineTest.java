package dev.gantry.engine.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.engine.StreamType;
import dev.gantry.engine.config.ConfigJson;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The quick reader against the JSON parser.
class JsonLineTest {
    @Test
    void readsWhatIsWrittenAsAJsonParserDoes() {
        var random = new Random(4);
        for (int i = 0; i < 2000; i++) {
            byte[] text = new byte[1 + random.nextInt(60)];
            random.nextBytes(text);
            // one line, whatever it holds
            for (int k = 0; k < text.length - 1; k++) {
                text[k] = text[k] == '\n' ? 0 : text[k];
            }
            var stream = random.nextBoolean() ? StreamType.STDOUT : StreamType.STDERR;
            var time = Instant.ofEpochSecond(random.nextLong(4_000_000_000L), random.nextInt(1_000_000_000));
            var batch = new JsonFormat("").batch(stream, time, text.length);
            assertThat(batch.add(text, 0, text.length, true)).isEqualTo(text.length);
            if (random.nextBoolean()) {
                batch.mark(new JournalMark("abc", 1, random.nextLong(1L << 62)));
            }
            byte[] json = new byte[batch.out().size()];
            batch.out().content().get(json);

            LogRecord record = new JsonLine(json, 0, json.length).parse();

            assertThat(record).isNotNull();
            assertThat(new String(record.text(), StandardCharsets.UTF_8))
                    .isEqualTo(ConfigJson.mapper().readTree(json).get("log").asString());
            assertThat(record.stream()).isEqualTo(stream);
            assertThat(record.time()).isEqualTo(time);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'log':'x$n','stream':'stdout','attrs':{'a':'b'},'time':'2026-01-01T00:00:00Z'}\n",
                "{'log': 'x$n','stream':'stdout','time':'2026-01-01T00:00:00Z'}\n",
                "{'log':'$ud83d$ude00','stream':'stdout','time':'2026-01-01T00:00:00Z'}\n",
                "{'log':'x','stream':'stdout','time':'2026-02-30T00:00:00Z'}\n",
                "{'log':'x','stream':'stdout','time':'2026-02-03T00:00:00+01:00'}\n",
                "{'log':'x','stream':'std",
                "{'log':'x$",
                "{'log':'x$q','stream':'stdout','time':'2026-01-01T00:00:00Z'}\n",
                "{'log':'x$u12",
                "{}\n",
                ""
            })
    void leavesOthersToAJsonParser(String line) {
        byte[] json = line.replace('\'', '"').replace('$', '\\').getBytes(StandardCharsets.UTF_8);
        assertThat(new JsonLine(json, 0, json.length).parse()).isNull();
    }
}
