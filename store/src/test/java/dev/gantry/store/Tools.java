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
final class Tools {
    private Tools() {}

    /// Runs a shell line and returns what it prints; fails with its errors.
    static String shell(Path directory, String line) throws IOException, InterruptedException {
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

    static boolean has(String program) {
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
    static void deleteTree(Path root) {
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
