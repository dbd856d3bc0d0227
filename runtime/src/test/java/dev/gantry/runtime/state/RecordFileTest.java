package dev.gantry.runtime.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gantry.oci.Json;
import dev.gantry.oci.MalformedException;
import dev.gantry.runtime.shim.Recorder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordFileTest {
    private static final byte[] AHEAD = Json.write(new Watched("a\nb", 0));

    @TempDir
    private Path directory;

    private Path file;

    /// What a record is of.
    record Watched(String name, int pid) {
        Watched watching(int process) {
            return new Watched(name, process);
        }
    }

    @BeforeEach
    void nameFile() {
        file = directory.resolve("record");
    }

    private Watched read() throws IOException {
        return RecordFile.read(file, Watched.class, Watched::watching);
    }

    @Test
    void hasTheProcessThatIsKnownLast() throws Exception {
        try (Recorder.Unfinished record = RecordFile.prepare(file, AHEAD)) {
            assertThat(file).doesNotExist();
            assertThat(RecordFile.unfinished(file)).hasBinaryContent(AHEAD);
            record.complete(4321);
        }
        assertThat(read()).isEqualTo(new Watched("a\nb", 4321));
        assertThat(RecordFile.unfinished(file)).doesNotExist();
    }

    @Test
    void isNoneBeforeTheProcessIsKnown() throws Exception {
        try (Recorder.Unfinished _ = RecordFile.prepare(file, AHEAD)) {
            assertThat(file).doesNotExist();
        }
        assertThat(file).doesNotExist();
    }

    @Test
    void ofAnEarlierDaemonIsOneLine() throws Exception {
        RecordFile.write(file, Json.write(new Watched("a", 17)));
        assertThat(read()).isEqualTo(new Watched("a", 17));
    }

    @Test
    void isRefusedWithAnythingElseBehindIt() throws Exception {
        for (String end : new String[] {"\n", "\nx", "\n1\n", "\n1 2", "\n99999999999"}) {
            Files.writeString(file, "{\"name\":\"a\",\"pid\":0}" + end);
            assertThatThrownBy(this::read).as(end).isInstanceOf(MalformedException.class);
        }
        Files.writeString(file, "");
        assertThatThrownBy(this::read).isInstanceOf(MalformedException.class);
    }
}
