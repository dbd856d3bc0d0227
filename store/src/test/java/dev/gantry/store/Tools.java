package dev.gantry.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/// Runs the tools that tests compare with.
public final class Tools {
    /// Makes a tree of all that archives can hold.
    public static final String SOURCE = """
            mkdir source; cd source
            echo plain > file; chmod 4751 file; chown 1234:4321 file
            touch -d '2001-02-03 04:05:06.789012345' file
            ln file hard; mkdir -p dir/sub; ln file dir/hard; ln -s ../file dir/link; ln -s /nowhere dangling
            ln -s "$(printf 'x%.0s' {1..150})" longlink
            mkfifo -m 0620 fifo; mknod -m 0660 null c 1 3; mknod -m 0600 disk b 7 200
            chmod 1777 dir; chmod 0500 dir/sub; chown -h 5:6 dir/link
            long=dir/$(printf 'n%.0s' {1..200}); echo long > $long; mkdir -p $long.d/$long.e
            printf 'umlaut' > 'ä ö'; printf 'odd' > 'odd  name'
            truncate -s 1M sparse; printf start | dd of=sparse conv=notrunc status=none
            printf middle | dd of=sparse bs=1 seek=524288 conv=notrunc status=none
            truncate -s 3M allholes; : > empty; head -c 700000 /dev/urandom > random
            touch -h -d '1969-12-31 23:59:58.5' dangling; chown 3000000000:3000000001 empty
            touch -d '2038-02-03 04:05:06' dir/sub; touch -d '1999-09-09 09:09:09.9' dir
            """;

    private Tools() {}

    /// Runs a shell line and returns what it prints; fails with its errors.
    public static String shell(Path directory, String line) throws IOException, InterruptedException {
        Path output = Files.createTempFile("tool", ".out");
        try {
            Process process = new ProcessBuilder("/bin/bash", "-ec", line)
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            int status = process.waitFor();
            String text = Files.readString(output, StandardCharsets.ISO_8859_1);
            if (status != 0) {
                throw new IOException("%s: status %d: %s".formatted(line, status, text));
            }
            return text;
        } finally {
            Files.delete(output);
        }
    }

    public static boolean has(String program) {
        return Stream.of("/usr/bin/", "/bin/", "/usr/sbin/", "/sbin/")
                .anyMatch(path -> Files.exists(Path.of(path + program)));
    }

    /// Everything a container could see of a tree, a line for each name; hard links by the first name of the same
    /// file.
    static List<String> describe(Path root) throws IOException, InterruptedException {
        String listing = shell(
                root, "LC_ALL=C find . -printf '%P\\t%y\\t%m\\t%U\\t%G\\t%T@\\t%s\\t%i\\t%b\\t%l\\n' | LC_ALL=C sort");
        Map<String, String> firstNames = new TreeMap<>();
        List<String> lines = new ArrayList<>();
        for (String line : listing.lines().toList()) {
            String[] f = line.split("\t", -1);
            boolean directory = f[1].equals("d");
            String first = directory ? "" : firstNames.computeIfAbsent(f[7], _ -> f[0]);
            boolean sparse = f[1].equals("f") && Long.parseLong(f[8]) * 512 < Long.parseLong(f[6]);
            lines.add(String.join(
                    " | ",
                    f[0],
                    f[1],
                    f[2],
                    f[3] + ":" + f[4],
                    f[5],
                    directory ? "" : f[6],
                    f[9],
                    "first=" + first,
                    sparse ? "holes" : ""));
        }
        lines.addAll(
                shell(root, "find . -xdev \\( -type c -o -type b \\) -printf '%P ' -exec stat -c '%t:%T' {} \\; | sort")
                        .lines()
                        .toList());
        lines.addAll(shell(root, "find . -type f -exec sha256sum {} + | sort -k2")
                .lines()
                .toList());
        lines.addAll(shell(root, "getfattr -R -P -h -d -m - -e hex . 2>/dev/null | grep -v '^$' || true")
                .lines()
                .toList());
        return lines;
    }

    /// Deletes a tree that a test made.
    public static void deleteTree(Path root) {
        if (!Files.exists(root, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try {
            shell(Path.of("/"), "rm -rf -- '" + root + "'");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
