package dev.gantry.store.tar;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/// The layer of a built-in image: equal files give equal bytes.
public final class BuiltInLayer {
    private BuiltInLayer() {}

    /// A tar archive.
    ///
    /// @param executables content by path
    /// @param time of every file
    public static byte[] tar(Map<String, byte[]> executables, Instant time) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes, "UTF-8")) {
            TreeSet<String> directories = new TreeSet<>();
            for (String path : executables.keySet()) {
                for (int slash = path.indexOf('/'); slash > 0; slash = path.indexOf('/', slash + 1)) {
                    directories.add(path.substring(0, slash + 1));
                }
            }
            for (String directory : directories) {
                tar.putArchiveEntry(entry(directory, TarConstants.LF_DIR, time));
                tar.closeArchiveEntry();
            }
            for (Map.Entry<String, byte[]> file : new TreeMap<>(executables).entrySet()) {
                TarArchiveEntry entry = entry(file.getKey(), TarConstants.LF_NORMAL, time);
                entry.setSize(file.getValue().length);
                tar.putArchiveEntry(entry);
                tar.write(file.getValue());
                tar.closeArchiveEntry();
            }
        }
        return bytes.toByteArray();
    }

    private static TarArchiveEntry entry(String name, byte type, Instant time) {
        TarArchiveEntry entry = new TarArchiveEntry(name, type);
        entry.setMode(0755);
        entry.setIds(0, 0);
        entry.setModTime(time.toEpochMilli());
        return entry;
    }
}
