package dev.gantry.engine.state;

import dev.gantry.engine.config.ConfigJson;
import dev.gantry.store.Durable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/// A container's last state, replaced in place: one write and one flush of the disk, where a new file and its renaming
/// cost three times as much, which every start and every end of a container would wait for.
///
/// ```text
///  slot 0  "<sequence> <crc32> <JSON>\n", zeros up to 4096     the newer whole slot counts, the other one is
///  slot 1  the same                                            written next: a torn write loses nothing
/// ```
public record StateFile(Path file) {
    private static final int SLOT = 4096;
    private static final int SLOTS = 2;
    /// What a slot has beside the JSON: the longest sequence, its checksum, two spaces and the line's end.
    private static final int FRAME = 19 + 8 + 3;
    /// Of an error's text, so many characters at most.
    private static final int LONGEST_ERROR = 800;
    /// The bytes of a character in JSON, at most.
    private static final int LONGEST_CHARACTER = "\\u0000".length();

    /// One slot's content.
    private record Entry(long sequence, String json) {
        Optional<StateRecord> state() {
            try {
                return Optional.of(ConfigJson.mapper().readValue(json, StateRecord.class));
            } catch (JacksonException _) {
                return Optional.empty();
            }
        }
    }

    /// The last state that was written whole; empty if none ever was.
    public Optional<StateRecord> read() throws IOException {
        return states().findFirst();
    }

    /// The state before that; empty if there was none, or it is lost.
    public Optional<StateRecord> previous() throws IOException {
        return states().skip(1).findFirst();
    }

    private Stream<StateRecord> states() throws IOException {
        return entries().stream().map(Entry::state).flatMap(Optional::stream);
    }

    /// Replaces the state; it is on the disk when this returns. For one thread at a time.
    public void write(StateRecord state) throws IOException {
        List<Entry> entries = entries();
        long next = entries.isEmpty() ? 0 : entries.getFirst().sequence() + 1;
        byte[] slot = slot(next, state);
        if (!Files.exists(file)) {
            byte[] whole = new byte[SLOT * SLOTS];
            System.arraycopy(slot, 0, whole, place(next), SLOT);
            Durable.replace(file, file.resolveSibling(file.getFileName() + ".new"), whole);
        } else {
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                ByteBuffer bytes = ByteBuffer.wrap(slot);
                while (bytes.hasRemaining()) {
                    channel.write(bytes, place(next) + bytes.position());
                }
                // the file's size stays: there is no metadata to wait for
                channel.force(false);
            }
        }
    }

    private static int place(long sequence) {
        return (int) (sequence % SLOTS) * SLOT;
    }

    private static byte[] slot(long sequence, StateRecord state) {
        byte[] json = json(state);
        byte[] head =
                (sequence + " " + checksum(Long.toString(sequence), json) + " ").getBytes(StandardCharsets.US_ASCII);
        byte[] slot = new byte[SLOT];
        System.arraycopy(head, 0, slot, 0, head.length);
        System.arraycopy(json, 0, slot, head.length, json.length);
        slot[head.length + json.length] = '\n';
        return slot;
    }

    /// The state, with as much of its error's text as fits.
    private static byte[] json(StateRecord state) {
        int length = LONGEST_ERROR;
        while (true) {
            String error = beginning(state.error(), length);
            byte[] json = ConfigJson.mapper().writeValueAsBytes(state.withError(error));
            int over = json.length + FRAME - SLOT;
            if (over <= 0 || error.isEmpty()) {
                return json;
            }
            length = Math.max(0, error.length() - Math.ceilDiv(over, LONGEST_CHARACTER));
        }
    }

    /// No character in halves.
    private static String beginning(String text, int longest) {
        if (text.length() <= longest) {
            return text;
        }
        boolean between = longest == 0 || !Character.isHighSurrogate(text.charAt(longest - 1));
        return text.substring(0, between ? longest : longest - 1);
    }

    /// Of the sequence too: else a write that was torn after it would make the oldest state the newest.
    private static String checksum(String sequence, byte[] json) {
        CRC32 crc = new CRC32();
        crc.update(sequence.getBytes(StandardCharsets.UTF_8));
        crc.update(json);
        return HexFormat.of().toHexDigits((int) crc.getValue());
    }

    /// What was written whole, the newest first.
    private List<Entry> entries() throws IOException {
        List<Entry> entries = new ArrayList<>(SLOTS);
        if (!Files.exists(file)) {
            return entries;
        }
        byte[] content = Files.readAllBytes(file);
        for (int at = 0; at + SLOT <= content.length; at += SLOT) {
            Entry entry = entry(Arrays.copyOfRange(content, at, at + SLOT));
            if (entry != null) {
                entries.add(entry);
            }
        }
        entries.sort(Comparator.comparingLong(Entry::sequence).reversed());
        return entries;
    }

    /// Null for a slot that was never written, or not to its end.
    private static @Nullable Entry entry(byte[] slot) {
        String text = new String(slot, StandardCharsets.UTF_8);
        int end = text.indexOf('\n');
        String[] parts = text.substring(0, Math.max(end, 0)).split(" ", 3);
        if (parts.length < 3
                || !checksum(parts[0], parts[2].getBytes(StandardCharsets.UTF_8))
                        .equals(parts[1])) {
            return null;
        }
        try {
            return new Entry(Long.parseLong(parts[0]), parts[2]);
        } catch (NumberFormatException _) {
            return null;
        }
    }
}
